#include "identity/circles/model.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "identity/circles/policy.h"

namespace braid::circles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr PersonId kAbi{1}, kBo{2}, kTom{3}, kRosa{4}, kCora{5};

Face teen(PersonId person) {
    return {.person = person, .band = AgeBand::teen};
}
Face adult(PersonId person) {
    return {.person = person, .band = AgeBand::adult};
}
Face guardian(PersonId person, PersonId child) {
    return {.person = person, .band = AgeBand::adult, .guards = {child}};
}
Face coordinator(PersonId person) {
    return {.person = person, .band = AgeBand::adult, .coordinates = true};
}
Face away(Face face) {
    face.away = true;
    return face;
}
bool together(std::vector<Face> faces) {
    return whole(faces);
}

TEST(Whole, is_a_company_of_one_age) {
    EXPECT_TRUE(together({}));
    EXPECT_TRUE(together({teen(kAbi), teen(kBo)}));
    EXPECT_TRUE(together({adult(kTom), adult(kRosa)}));
}

TEST(Whole, needs_two_adults_of_whom_one_answers_for_each_minor) {
    EXPECT_FALSE(together({teen(kAbi), adult(kTom)}));
    EXPECT_FALSE(together({teen(kAbi), adult(kTom), adult(kRosa)}));
    EXPECT_TRUE(together({teen(kAbi), adult(kTom), guardian(kRosa, kAbi)}));
    EXPECT_TRUE(together({teen(kAbi), adult(kTom), coordinator(kCora)}));
    EXPECT_FALSE(together({teen(kAbi), teen(kBo), adult(kTom), guardian(kRosa, kAbi)})) << "nobody for Bo";
    EXPECT_TRUE(together({teen(kAbi), teen(kBo), adult(kTom), coordinator(kCora)}));
    EXPECT_FALSE(together({teen(kAbi), coordinator(kCora)})) << "alone with the coordinator";
    EXPECT_FALSE(together({teen(kAbi), guardian(kRosa, kAbi)})) << "a second one, whoever the first is";
    EXPECT_TRUE(together({teen(kAbi), guardian(kRosa, kAbi), guardian(kTom, kAbi)}));
}

// A mentor who is a guardian answers for her own child alone.
TEST(Whole, lets_a_guardian_answer_for_her_own_child_only) {
    EXPECT_FALSE(together({teen(kAbi), guardian(kRosa, kBo), adult(kTom)}));
    EXPECT_TRUE(together({teen(kBo), guardian(kRosa, kBo), adult(kTom)}));
}

TEST(Whole, counts_nobody_who_is_away_as_watching) {
    EXPECT_FALSE(together({teen(kAbi), adult(kTom), away(coordinator(kCora))}));
    EXPECT_FALSE(together({teen(kAbi), away(adult(kTom)), coordinator(kCora)}));
    EXPECT_FALSE(together({away(teen(kAbi)), adult(kTom)})) << "she comes back";
}

TEST(ACircle, is_not_begun_when_it_could_never_be_whole) {
    const std::vector<Face> faces{teen(kAbi), adult(kTom), coordinator(kCora)};
    EXPECT_FALSE(Circle::begun(kTom, std::vector{kAbi}, faces));
    EXPECT_FALSE(Circle::begun(kAbi, std::vector{kTom}, faces));
    EXPECT_TRUE(Circle::begun(kTom, std::vector{kAbi, kCora}, faces));
}

TEST(ACircle, has_nobody_in_it_who_did_not_accept) {
    const std::vector<Face> faces{teen(kAbi), teen(kBo)};
    auto circle = *Circle::begun(kAbi, std::vector{kBo}, faces);
    EXPECT_THAT(circle.standing(Place::joined), ElementsAre(kAbi));
    EXPECT_FALSE(circle.may_read(kBo, faces));
    EXPECT_EQ(circle.accept(kTom, faces), Change::refused) << "was not asked";
    EXPECT_EQ(circle.accept(kBo, faces), Change::done);
    EXPECT_TRUE(circle.may_speak(kBo, faces));
}

TEST(ACircle, lets_a_mentor_wait_for_the_coordinator) {
    const std::vector<Face> faces{teen(kAbi), adult(kTom), coordinator(kCora)};
    auto circle = *Circle::begun(kAbi, std::vector{kTom, kCora}, faces);
    circle.accept(kTom, faces);
    EXPECT_EQ(circle.place_of(kTom), Place::accepted);
    EXPECT_FALSE(circle.may_read(kTom, faces));
    EXPECT_FALSE(circle.may_speak(kTom, faces));
    circle.accept(kCora, faces);
    EXPECT_THAT(circle.standing(Place::joined), ElementsAre(kAbi, kTom, kCora));
    EXPECT_TRUE(circle.may_speak(kTom, faces));
}

TEST(ACircle, closes_for_good_when_the_last_who_answers_leaves) {
    const std::vector<Face> faces{teen(kAbi), adult(kTom), coordinator(kCora)};
    auto circle = *Circle::begun(kAbi, std::vector{kTom, kCora}, faces);
    circle.accept(kTom, faces);
    circle.accept(kCora, faces);
    circle.leave(kCora, faces);
    EXPECT_FALSE(circle.open());
    EXPECT_FALSE(circle.may_speak(kTom, faces));
    EXPECT_TRUE(circle.may_read(kAbi, faces));
    EXPECT_FALSE(circle.may_read(kCora, faces));
    EXPECT_EQ(circle.invite(kAbi, kCora, faces), Change::refused);
    EXPECT_EQ(circle.settle(faces), Change::nothing);
    EXPECT_FALSE(circle.open());
}

TEST(ACircle, of_minors_closes_when_one_comes_of_age) {
    std::vector<Face> faces{teen(kAbi), teen(kBo)};
    auto circle = *Circle::begun(kAbi, std::vector{kBo}, faces);
    circle.accept(kBo, faces);
    faces[1].band = AgeBand::adult;
    EXPECT_FALSE(circle.may_speak(kBo, faces)) << "before anybody looked after it";
    circle.settle(faces);
    EXPECT_FALSE(circle.open());
}

// The sentence of the rule, said a second time and in another way: for each adult and each minor who can
// speak there is another adult who can, and one of those two adults or a third answers for the minor.
bool nobody_alone(const Circle& circle, const std::vector<Face>& faces) {
    std::vector<const Face*> here;
    for (const Face& face : faces) {
        if (circle.may_speak(face.person, faces)) here.push_back(&face);
    }
    for (const Face* minor : here) {
        if (minor->band == AgeBand::adult) continue;
        int adults = 0;
        bool answered = false;
        for (const Face* other : here) {
            if (other->band != AgeBand::adult) continue;
            ++adults;
            const auto& guards = other->guards;
            answered = answered || other->coordinates ||
                       std::find(guards.begin(), guards.end(), minor->person) != guards.end();
        }
        if (adults != 0 && (adults < 2 || !answered)) return false;
    }
    return true;
}

// Whatever people do and whatever becomes of them, in any order, looked after or not.
TEST(ACircle, never_leaves_a_minor_alone_with_an_adult) {
    const bool held = rc::check([] {
        constexpr int kPeople = 6;
        std::vector<Face> faces;
        for (int i = 0; i < kPeople; ++i) {
            faces.push_back({.person = PersonId{i + 1},
                             .band = *rc::gen::element(AgeBand::child, AgeBand::teen, AgeBand::adult)});
        }
        const auto somebody = [] { return static_cast<std::size_t>(*rc::gen::inRange(0, kPeople)); };
        std::vector<PersonId> asked;
        for (const Face& face : faces) {
            if (*rc::gen::arbitrary<bool>()) asked.push_back(face.person);
        }
        auto circle = Circle::begun(faces[somebody()].person, asked, faces);
        RC_PRE(circle.has_value());
        std::set<PersonId> accepted = {};
        for (const PersonId one : circle->standing(Place::joined))
            accepted.insert(one);
        const int steps = *rc::gen::inRange(1, 40);
        for (int i = 0; i < steps; ++i) {
            Face& face = faces[somebody()];
            switch (*rc::gen::inRange(0, 9)) {
                case 0:
                    circle->invite(faces[somebody()].person, face.person, faces);
                    break;
                case 1:
                case 2:
                    if (circle->accept(face.person, faces) == Change::done) accepted.insert(face.person);
                    break;
                case 3:
                    circle->leave(face.person, faces);
                    accepted.erase(face.person);
                    break;
                case 4:  // grows up
                    if (face.band != AgeBand::adult)
                        face.band = face.band == AgeBand::child ? AgeBand::teen : AgeBand::adult;
                    break;
                case 5:  // a role is given, or runs out
                    face.coordinates = face.band == AgeBand::adult && !face.coordinates;
                    break;
                case 6:  // a tie begins, or the guardian withdraws
                    if (face.band == AgeBand::adult) {
                        const PersonId child = faces[somebody()].person;
                        if (std::erase(face.guards, child) == 0) face.guards.push_back(child);
                    }
                    break;
                case 7:  // suspended, paused, or back
                    face.away = !face.away;
                    break;
                default:
                    circle->settle(faces);
                    break;
            }
            RC_ASSERT(nobody_alone(*circle, faces));
            for (const PersonId in : circle->standing(Place::joined))
                RC_ASSERT(accepted.contains(in));
        }
        circle->settle(faces);
        if (circle->open()) {
            std::vector<Face> in;
            for (const Face& face : faces) {
                if (circle->place_of(face.person) == Place::joined) in.push_back(face);
            }
            RC_ASSERT(whole(in));
        }
    });
    EXPECT_TRUE(held);
}

// --- mentors

constexpr Timestamp kNow{1'000'000}, kLater{2'000'000};

MatchFacts match() {
    MatchFacts facts;
    facts.screening.fill(kForGood);
    facts.mentor_role = true;
    facts.mentor = AgeBand::adult;
    facts.learner = AgeBand::teen;
    facts.learner_agrees = true;
    facts.guardian_approves = true;
    return facts;
}

TEST(AMatch, holds_while_everything_does) {
    EXPECT_EQ(missing(match(), kNow), Missing::nothing);
    EXPECT_TRUE(in_force(match(), kNow));
    EXPECT_EQ(missing(MatchFacts{}, kNow), Missing::application);
}

TEST(AMatch, pauses_by_itself_when_any_step_runs_out) {
    for (std::size_t step = 0; step < kSteps; ++step) {
        MatchFacts facts = match();
        facts.screening[step] = kLater;
        EXPECT_EQ(missing(facts, kNow), Missing::nothing) << step;
        EXPECT_EQ(in_force(facts, kNow)->until(), kLater) << step;
        EXPECT_EQ(missing(facts, kLater), static_cast<Missing>(step + 1)) << step;
        EXPECT_FALSE(in_force(facts, kLater)) << step;
        facts.screening[step].reset();
        EXPECT_EQ(missing(facts, kNow), static_cast<Missing>(step + 1)) << step;
    }
}

TEST(AMatch, needs_the_role_the_learner_and_her_guardian) {
    const auto without = [](auto change) {
        MatchFacts facts = match();
        change(facts);
        return missing(facts, kNow);
    };
    EXPECT_EQ(without([](auto& f) { f.mentor_role = false; }), Missing::mentor_role);
    EXPECT_EQ(without([](auto& f) { f.mentor_away = true; }), Missing::mentor_away);
    EXPECT_EQ(without([](auto& f) { f.learner_agrees = false; }), Missing::learner_agrees);
    EXPECT_EQ(without([](auto& f) { f.guardian_approves = false; }), Missing::guardian_approves);
    EXPECT_EQ(without([](auto& f) {
                  f.guardian_approves = false;
                  f.learner = AgeBand::adult;
              }),
              Missing::nothing);
}

TEST(AMatch, of_an_older_peer_asks_for_less_and_gives_less) {
    MatchFacts peer = match();
    peer.mentor = AgeBand::teen;
    peer.screening[static_cast<std::size_t>(Step::clearance)].reset();
    peer.screening[static_cast<std::size_t>(Step::interview)].reset();
    EXPECT_EQ(missing(peer, kNow), Missing::nothing);
    EXPECT_EQ(holds_until(peer), kForGood);
    peer.learner = AgeBand::adult;
    EXPECT_EQ(missing(peer, kNow), Missing::mentor_adult);
    peer = match();
    peer.mentor = AgeBand::child;
    EXPECT_EQ(missing(peer, kNow), Missing::mentor_adult);
    peer.mentor = AgeBand::adult;
    peer.screening[static_cast<std::size_t>(Step::clearance)].reset();
    EXPECT_EQ(missing(peer, kNow), Missing::clearance);
}

// Nothing but time goes by: what `missing` says changes at holds_until and not before.
TEST(AMatch, says_until_when_it_holds) {
    EXPECT_TRUE(rc::check([] {
        MatchFacts facts = match();
        for (auto& until : facts.screening)
            until = Timestamp{*rc::gen::inRange(2, 100)};
        const Timestamp end = holds_until(facts);
        for (std::int64_t at = 1; at < 100; ++at)
            RC_ASSERT(in_force(facts, Timestamp{at}).has_value() == (Timestamp{at} < end));
    }));
}

// Policies, too, are the rule: what they let be begun is whole, whoever asks.
TEST(Policies, let_nothing_begin_that_is_not_whole) {
    EXPECT_TRUE(rc::check([] {
        std::vector<Face> faces;
        const int people = *rc::gen::inRange(1, 6);
        for (int i = 0; i < people; ++i) {
            Face face{.person = PersonId{i + 1},
                      .band = *rc::gen::element(AgeBand::child, AgeBand::teen, AgeBand::adult)};
            face.away = *rc::gen::arbitrary<bool>();
            face.coordinates = face.band == AgeBand::adult && *rc::gen::arbitrary<bool>();
            faces.push_back(face);
        }
        Actor actor;
        actor.person = PersonId{1};
        actor.band = faces.front().band;
        const CircleFacts facts{.together = faces, .place = Place::joined};
        RC_ASSERT(decide(BeginCircle{}, actor, facts).allowed() == whole(faces));
        RC_ASSERT(decide(SpeakInCircle{}, actor, facts).allowed() == whole(faces));
        RC_ASSERT(decide(InviteToCircle{}, actor, facts).allowed() == whole(faces));
    }));
}

}  // namespace
}  // namespace braid::circles
