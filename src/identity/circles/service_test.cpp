#include "identity/circles/service.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/accounts/module.h"
#include "identity/blocks/service.h"
#include "identity/circles/events.h"
#include "identity/circles/module.h"
#include "identity/guardians/events.h"
#include "support/databases.h"
#include "support/subscribers.h"

namespace braid::circles {
namespace {

using accounts::operator_actor;
using accounts::RoleScope;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Ties that the test makes and ends.
class Ties final : public guardians::Guardianships {
  public:
    std::vector<PersonId> guardians_of(sql::Session&, PersonId child) const override {
        std::vector<PersonId> found;
        for (const auto& [guardian, of] : ties) {
            if (of == child) found.push_back(guardian);
        }
        return found;
    }
    bool guards(sql::Session&, PersonId guardian, PersonId child) const override {
        return ties.contains({guardian, child});
    }
    bool may(sql::Session&, PersonId, access::Choice) const override { return true; }
    std::set<std::pair<PersonId, PersonId>> ties;
};

// A feature: words said in circles, in memory. Its `say` takes the proof, as every store's must.
struct Words {
    void say(const Present& present, std::string words) {
        said.emplace_back(present.person(), std::move(words));
    }
    std::vector<std::pair<PersonId, std::string>> said;
};

const sql::Query kEvents{"test.circle_events",
                         "SELECT type FROM event_outbox WHERE type LIKE 'circles.%' ORDER BY id LIMIT 100"};

class CirclesTest : public braid::testing::OnBothEngines {
  protected:
    CirclesTest() {
        clock_.set(Timestamp{std::int64_t{1'795'000'000} * 1'000'000});  // November 2026
        circles().declare(
            Kind::gathering("test.thread", [this](sql::Session&, std::int64_t) { return ground_; }));
        circles().declare(Kind::pairing(
            "test.match", [this](sql::Session&, std::int64_t) { return in_force(match_, clock_.now()); }));
        match_.screening.fill(kForGood);
        match_.mentor_role = match_.learner_agrees = match_.guardian_approves = true;
        match_.mentor = AgeBand::adult;
        match_.learner = AgeBand::teen;
        abi_ = person("abi", 2012);
        bo_ = person("bo", 2008);
        tom_ = person("tom", 1980);
        cora_ = person("cora", 1980);
        rosa_ = person("rosa", 1980);
    }
    Service& circles() { return module_.service(); }
    Actor person(const std::string& handle, int born) {
        const auto id = accounts_.accounts().create_person(
            operator_actor(),
            {.handle = handle, .display_name = handle, .birth_year = born, .birth_month = 12});
        EXPECT_TRUE(id.ok());
        Actor actor;
        actor.person = *id;
        actor.band = accounts::band_at({born, 12}, clock_.now());
        return actor;
    }
    template <class F>
    auto write(F&& body) {
        return database_->write([&](sql::Tx& tx) { return body(tx); });
    }
    Result<CircleId> begin(const Actor& by, std::vector<PersonId> asked, std::string kind = "test.thread") {
        return write([&](sql::Tx& tx) {
            return circles().begin(tx, by, {std::move(kind), ++subject_, RoleScope{}}, asked);
        });
    }
    Result<Place> accept(const Actor& who, CircleId id) {
        return write([&](sql::Tx& tx) { return circles().accept(tx, who, id); });
    }
    Result<void> leave(const Actor& who, CircleId id) {
        return write([&](sql::Tx& tx) { return circles().leave(tx, who, id); });
    }
    Result<void> invite(const Actor& who, CircleId id, const Actor& whom) {
        return write([&](sql::Tx& tx) { return circles().invite(tx, who, id, *whom.person); });
    }
    Result<void> say(const Actor& who, CircleId id, const std::string& words) {
        return write([&](sql::Tx& tx) -> Result<void> {
            words_.say(TRY(circles().present(tx, who, id)), words);
            return {};
        });
    }
    Result<void> read(const Actor& who, CircleId id) {
        return database_->read([&](sql::Reader& reader) { return circles().may_read(reader, who, id); });
    }
    State state(CircleId id) {
        return database_->read([&](sql::Reader& reader) { return circles().state(reader, id); });
    }
    std::vector<std::string> events() {
        return database_->read([&](sql::Reader& reader) { return reader.all<std::string>(kEvents); });
    }
    void coordinates(const Actor& who, RoleScope scope = {}, std::optional<Timestamp> until = {}) {
        ASSERT_TRUE(accounts_.accounts()
                        .grant(operator_actor(), *who.person, access::Role::coordinator, scope, until)
                        .ok());
    }
    // Abi, Tom and a coordinator, all in.
    CircleId supervised() {
        const auto id = begin(tom_, {*abi_.person, *cora_.person});
        EXPECT_TRUE(id.ok());
        EXPECT_EQ(*accept(abi_, *id), Place::accepted);
        EXPECT_EQ(*accept(cora_, *id), Place::joined);
        EXPECT_TRUE(say(tom_, *id, "hello").ok());
        return *id;
    }

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{7};
    braid::testing::TestDatabase database_{
        GetParam(), {jobs::migrations(), blocks::migrations(), accounts::migrations(), migrations()}};
    events::Outbox outbox_{ids_, clock_};
    jobs::Queue queue_{ids_, clock_};
    accounts::AccountsModule accounts_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        accounts::Settings{
            .password_cost = {1, 8}, .public_url = "https://braid.test", .secret = "of the tests"}};
    Ties ties_;
    CirclesModule module_{*database_, clock_, ids_, outbox_, accounts_.accounts(), ties_};
    Words words_;
    MatchFacts match_;
    bool ground_ = true;
    std::int64_t subject_ = 0;
    Actor abi_, bo_, tom_, cora_, rosa_;
};
BRAID_ON_BOTH_ENGINES(CirclesTest);

TEST_P(CirclesTest, an_adult_does_not_begin_one_with_a_minor_alone) {
    const auto alone = begin(tom_, {*abi_.person});
    ASSERT_FALSE(alone.ok());
    EXPECT_EQ(alone.error().message_key, "circles.never_alone");
    EXPECT_FALSE(begin(abi_, {*tom_.person}).ok());
    EXPECT_FALSE(begin(tom_, {*abi_.person, *rosa_.person}).ok()) << "rosa answers for nobody";
    ties_.ties.insert({*rosa_.person, *abi_.person});
    EXPECT_TRUE(begin(tom_, {*abi_.person, *rosa_.person}).ok());
}

TEST_P(CirclesTest, nobody_is_in_one_before_she_accepts) {
    const auto id = begin(abi_, {*bo_.person});
    ASSERT_TRUE(id.ok());
    EXPECT_EQ(say(bo_, *id, "psst").error().code, ErrorCode::not_found);
    EXPECT_EQ(read(bo_, *id).error().code, ErrorCode::not_found);
    EXPECT_EQ(accept(tom_, *id).error().code, ErrorCode::not_found) << "was not asked";
    EXPECT_EQ(*accept(bo_, *id), Place::joined);
    EXPECT_TRUE(say(bo_, *id, "hello").ok());
    EXPECT_THAT(events(), ElementsAre("circles.person_invited.v1"));
}

TEST_P(CirclesTest, nobody_is_asked_by_whom_she_wants_nothing_of) {
    blocks::Service blocks(*database_, clock_);
    const auto invited = [&](const Actor& who) {
        return database_->read([&](sql::Reader& reader) {
            return circles().of(reader, who, "test.thread", Place::invited, 10).size();
        });
    };
    const auto members = [&](const Actor& who, CircleId id) {
        return database_->read([&](sql::Reader& reader) { return *circles().members(reader, who, id); });
    };
    const auto circle = begin(abi_, {*bo_.person});
    ASSERT_TRUE(circle.ok());
    EXPECT_EQ(invited(bo_), 1U);
    // A mute is not noticed: she may ask, and it is not shown.
    ASSERT_TRUE(blocks.keep_apart(bo_, *abi_.person, blocks::Kind::mute).ok());
    EXPECT_EQ(invited(bo_), 0U);
    EXPECT_TRUE(begin(abi_, {*bo_.person}).ok());
    EXPECT_EQ(invited(bo_), 0U);
    // A block: she is not there to be asked, as nobody is.
    ASSERT_TRUE(blocks.keep_apart(bo_, *abi_.person, blocks::Kind::block).ok());
    EXPECT_EQ(begin(abi_, {*bo_.person}).error().code, ErrorCode::not_found);
    EXPECT_EQ(begin(abi_, {PersonId{991}}).error().code, ErrorCode::not_found);
    const auto alone = begin(abi_, {});
    ASSERT_TRUE(alone.ok());
    EXPECT_EQ(invite(abi_, *alone, bo_).error().code, ErrorCode::not_found);
    // Who is in one already stays, and is left out of what the other is shown.
    ASSERT_TRUE(blocks.take_back(bo_, *abi_.person).ok());
    ASSERT_EQ(*accept(bo_, *circle), Place::joined);
    EXPECT_THAT(members(abi_, *circle), UnorderedElementsAre(*abi_.person, *bo_.person));
    ASSERT_TRUE(blocks.keep_apart(bo_, *abi_.person, blocks::Kind::block).ok());
    EXPECT_THAT(members(abi_, *circle), ElementsAre(*abi_.person));
    EXPECT_THAT(members(bo_, *circle), ElementsAre(*bo_.person));
}

TEST_P(CirclesTest, an_adult_is_not_asked_into_one_of_minors) {
    const auto id = begin(abi_, {*bo_.person});
    EXPECT_TRUE(accept(bo_, *id).ok());
    EXPECT_EQ(invite(abi_, *id, tom_).error().message_key, "circles.never_alone");
    coordinates(cora_);
    EXPECT_EQ(invite(abi_, *id, cora_).error().message_key, "circles.never_alone")
        << "she would be the only adult";
}

TEST_P(CirclesTest, closes_when_the_last_who_answers_leaves) {
    coordinates(cora_);
    const CircleId id = supervised();
    ASSERT_TRUE(leave(cora_, id).ok());
    EXPECT_EQ(state(id), State::closed);
    EXPECT_EQ(say(tom_, id, "and now?").error().message_key, "circles.closed");
    EXPECT_EQ(say(abi_, id, "and now?").error().message_key, "circles.closed");
    EXPECT_TRUE(read(abi_, id).ok());
    EXPECT_FALSE(read(cora_, id).ok());
    EXPECT_EQ(events().back(), "circles.circle_closed.v1");
    EXPECT_FALSE(invite(tom_, id, cora_).ok());
}

TEST_P(CirclesTest, is_silent_the_moment_a_role_runs_out) {
    const Timestamp until = clock_.now() + std::chrono::hours(1);
    coordinates(cora_, {}, until);
    const CircleId id = supervised();
    clock_.set(until);
    EXPECT_EQ(say(tom_, id, "psst").error().message_key, "circles.closed");
    EXPECT_EQ(state(id), State::resting) << "nobody has written it down yet";
    EXPECT_EQ(circles().sweep(), 1);
    EXPECT_EQ(state(id), State::closed);
    coordinates(cora_);
    EXPECT_FALSE(say(tom_, id, "psst").ok()) << "it does not open again";
}

TEST_P(CirclesTest, is_silent_the_moment_a_guardian_goes) {
    ties_.ties.insert({*rosa_.person, *abi_.person});
    const auto id = begin(tom_, {*abi_.person, *rosa_.person});
    EXPECT_TRUE(accept(rosa_, *id).ok());
    ASSERT_EQ(*accept(abi_, *id), Place::joined);
    ASSERT_TRUE(say(tom_, *id, "hello").ok());
    ties_.ties.clear();
    EXPECT_EQ(say(tom_, *id, "psst").error().message_key, "circles.closed");
}

TEST_P(CirclesTest, counts_nobody_who_is_suspended_as_watching) {
    coordinates(cora_);
    const CircleId id = supervised();
    ASSERT_TRUE(write([&](sql::Tx& tx) {
                    return accounts_.accounts().suspend(tx, operator_actor(), *cora_.person,
                                                        clock_.now() + std::chrono::hours(1), "/notices");
                }).ok());
    EXPECT_FALSE(say(tom_, id, "psst").ok());
}

TEST_P(CirclesTest, of_two_teens_closes_when_one_comes_of_age) {
    const auto id = begin(abi_, {*bo_.person});
    EXPECT_TRUE(accept(bo_, *id).ok());
    clock_.set(clock_.now() + std::chrono::hours(24 * 60));  // January 2027: Bo is 18
    bo_.band = AgeBand::adult;
    EXPECT_EQ(say(bo_, *id, "psst").error().message_key, "circles.closed");
    EXPECT_EQ(say(abi_, *id, "psst").error().message_key, "circles.closed");
    EXPECT_EQ(circles().sweep(), 1);
    EXPECT_EQ(state(*id), State::closed);
}

// A coordinator of one place answers for nobody in another.
TEST_P(CirclesTest, asks_for_a_coordinator_of_its_own_place) {
    const RoleScope here{accounts::ScopeKind::space, 5}, there{accounts::ScopeKind::space, 6};
    coordinates(cora_, there);
    const auto in = [&](const RoleScope& scope) {
        return write([&](sql::Tx& tx) {
            return circles().begin(tx, tom_, {"test.thread", ++subject_, scope},
                                   std::vector{*abi_.person, *cora_.person});
        });
    };
    EXPECT_FALSE(in(here).ok());
    EXPECT_TRUE(in(there).ok());
}

TEST_P(CirclesTest, rests_while_its_ground_does_not_hold) {
    coordinates(cora_);
    const CircleId id = supervised();
    ground_ = false;
    EXPECT_EQ(say(tom_, id, "psst").error().message_key, "circles.paused");
    EXPECT_EQ(state(id), State::resting);
    EXPECT_FALSE(begin(tom_, {*cora_.person}).ok());
    ground_ = true;
    EXPECT_TRUE(say(tom_, id, "hello again").ok());
}

TEST_P(CirclesTest, of_a_mentor_rests_when_a_clearance_runs_out) {
    coordinates(cora_);
    const Timestamp until = clock_.now() + std::chrono::hours(1);
    match_.screening[static_cast<std::size_t>(Step::clearance)] = until;
    const auto id = begin(tom_, {*abi_.person, *cora_.person}, "test.match");
    ASSERT_TRUE(id.ok());
    EXPECT_TRUE(accept(abi_, *id).ok());
    EXPECT_TRUE(accept(cora_, *id).ok());
    ASSERT_TRUE(say(tom_, *id, "hello").ok());
    clock_.set(until);
    EXPECT_EQ(say(tom_, *id, "psst").error().message_key, "circles.paused");
    match_.screening[static_cast<std::size_t>(Step::clearance)] = kForGood;
    match_.guardian_approves = false;
    EXPECT_EQ(say(abi_, *id, "psst").error().message_key, "circles.paused");
}

TEST_P(CirclesTest, of_a_person_who_is_erased_closes_behind_her) {
    coordinates(cora_);
    const CircleId id = supervised();
    database_->with_tx([&](sql::Tx& tx) {
        circles().forget(tx, *cora_.person);
        circles().forget(tx, *cora_.person);
        return true;
    });
    EXPECT_EQ(state(id), State::closed);
}

TEST_P(CirclesTest, follows_what_is_decided_elsewhere_and_twice_alike) {
    coordinates(cora_);
    const CircleId id = supervised();
    ASSERT_TRUE(
        accounts_.accounts().revoke(operator_actor(), *cora_.person, access::Role::coordinator, {}).ok());
    database_->with_tx([&](sql::Tx& tx) {
        outbox_.append(tx, guardians::GuardianDecided{abi_.person->text(), "", "withdrew", true});
        outbox_.append(tx, guardians::CameOfAge{bo_.person->text(), "of_age"});
        return true;
    });
    events::Subscribers subscribers;
    jobs::Runner runner{*database_, subscribers, ids_, clock_, random_, {}};
    module_.describe().background(subscribers, runner);
    EXPECT_THAT(braid::testing::run_subscribers_twice(database_, subscribers), IsEmpty());
    EXPECT_EQ(state(id), State::closed);
}

TEST_P(CirclesTest, shows_a_guardian_with_whom_and_nothing_more) {
    coordinates(cora_);
    supervised();
    EXPECT_TRUE(begin(abi_, {*bo_.person}).ok());  // asked, and never came
    const auto met = database_->read([&](sql::Reader& reader) { return contacts_of(reader, *abi_.person); });
    std::vector<PersonId> people;
    for (const auto& contact : met)
        people.push_back(contact.person);
    EXPECT_THAT(people, UnorderedElementsAre(*tom_.person, *cora_.person));
}

TEST_P(CirclesTest, nobody_asks_whom_she_does_not_see_nor_is_asked_by_one) {
    blocks::Service blocks{*database_, clock_};
    ASSERT_TRUE(blocks.keep_apart(abi_, *bo_.person, blocks::Kind::block).ok());
    EXPECT_EQ(begin(abi_, {*bo_.person}).error().code, ErrorCode::not_found);
    EXPECT_EQ(begin(bo_, {*abi_.person}).error().code, ErrorCode::not_found);
    // Of a mute the other learns nothing: it looks as if she had been asked.
    ASSERT_TRUE(blocks.keep_apart(cora_, *tom_.person, blocks::Kind::mute).ok());
    ASSERT_TRUE(begin(tom_, {*cora_.person}).ok());
    EXPECT_THAT(events(), IsEmpty());
    EXPECT_THAT(database_->read([&](sql::Reader& reader) {
        return circles().of(reader, cora_, "test.thread", Place::invited, 10);
    }),
                IsEmpty());
}

TEST_P(CirclesTest, of_a_kind_that_nobody_declared_is_a_mistake) {
    EXPECT_THROW(begin(tom_, {*cora_.person}, "test.other"), std::logic_error);
    EXPECT_THROW(
        circles().declare(Kind::gathering("test.thread", [](sql::Session&, std::int64_t) { return true; })),
        std::logic_error);
    EXPECT_EQ(begin(tom_, {PersonId{404}}).error().code, ErrorCode::not_found);
    ASSERT_TRUE(begin(tom_, {*cora_.person}).ok());
    --subject_;
    EXPECT_EQ(begin(tom_, {*cora_.person}).error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace braid::circles
