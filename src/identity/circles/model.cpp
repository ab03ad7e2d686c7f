#include "identity/circles/model.h"

#include <algorithm>

namespace braid::circles {

namespace {

bool answers_for(const Face& adult, PersonId minor) {
    return adult.coordinates || std::ranges::find(adult.guards, minor) != adult.guards.end();
}

const Face* find(std::span<const Face> faces, PersonId person) {
    const auto it = std::ranges::find(faces, person, &Face::person);
    return it == faces.end() ? nullptr : &*it;
}

// Of `people`; of whom nothing is known, she counts as a child that nobody watches over.
std::vector<Face> those_of(std::span<const Face> faces, std::span<const PersonId> people) {
    std::vector<Face> some;
    for (const PersonId person : people) {
        const Face* face = find(faces, person);
        some.push_back(face != nullptr ? *face : Face{.person = person, .away = true});
    }
    return some;
}

std::vector<PersonId> with(std::vector<PersonId> people, std::span<const PersonId> more) {
    people.insert(people.end(), more.begin(), more.end());
    return people;
}

}  // namespace

bool whole(std::span<const Face> together) {
    const auto adult = [](const Face& face) { return face.band == AgeBand::adult; };
    if (std::ranges::none_of(together, adult)) return true;
    const auto here =
        std::ranges::count_if(together, [&](const Face& face) { return adult(face) && !face.away; });
    return std::ranges::all_of(together, [&](const Face& minor) {
        if (adult(minor)) return true;
        return here >= 2 && std::ranges::any_of(together, [&](const Face& face) {
                   return adult(face) && !face.away && answers_for(face, minor.person);
               });
    });
}

std::optional<Place> Circle::place_of(PersonId person) const {
    const auto it = members_.find(person);
    return it == members_.end() ? std::nullopt : std::optional(it->second.place);
}

std::vector<PersonId> Circle::standing(Place place) const {
    std::vector<PersonId> people;
    for (const auto& entry : members_) {
        if (entry.second.place == place) people.push_back(entry.first);
    }
    return people;
}

std::optional<Circle> Circle::begun(PersonId by, std::span<const PersonId> asked, Faces faces) {
    Circle circle;
    circle.members_[by] = {Place::joined, by};
    for (const PersonId person : asked) {
        if (person != by) circle.members_[person] = {Place::invited, by};
    }
    const auto all = with(circle.standing(Place::joined), circle.standing(Place::invited));
    if (!whole(those_of(faces, all))) return std::nullopt;
    return circle;
}

Change Circle::invite(PersonId by, PersonId person, Faces faces) {
    if (!open_ || place_of(by) != Place::joined) return Change::refused;
    const auto place = place_of(person);
    if (place && *place != Place::left) return Change::nothing;
    auto all = with(standing(Place::joined), standing(Place::accepted));
    all = with(std::move(all), standing(Place::invited));
    all.push_back(person);
    if (!whole(those_of(faces, all))) return Change::refused;
    members_[person] = {Place::invited, by};
    return Change::done;
}

Change Circle::accept(PersonId herself, Faces faces) {
    const auto place = place_of(herself);
    if (!open_ || !place || *place == Place::left) return Change::refused;
    if (*place != Place::invited) return Change::nothing;
    members_[herself].place = Place::accepted;
    let_in(faces);
    return Change::done;
}

Change Circle::leave(PersonId herself, Faces faces) {
    const auto place = place_of(herself);
    if (!place || *place == Place::left) return Change::refused;
    members_[herself].place = Place::left;
    if (open_) settle(faces);
    return Change::done;
}

Change Circle::settle(Faces faces) {
    if (!open_) return Change::nothing;
    const auto joined = standing(Place::joined);
    if (joined.empty() || !whole(those_of(faces, joined))) {
        open_ = false;
        return Change::done;
    }
    const auto before = members_;
    let_in(faces);
    return members_ == before ? Change::nothing : Change::done;
}

// Everybody who waits at once, when that is whole: a mentor and a coordinator may each have to wait for the
// other. Otherwise whoever can come in alone.
void Circle::let_in(Faces faces) {
    if (!open_) return;
    const auto waiting = standing(Place::accepted);
    if (waiting.empty()) return;
    if (whole(those_of(faces, with(standing(Place::joined), waiting)))) {
        for (const PersonId person : waiting)
            members_[person].place = Place::joined;
        return;
    }
    for (bool again = true; again;) {
        again = false;
        for (const PersonId person : standing(Place::accepted)) {
            if (!whole(those_of(faces, with(standing(Place::joined), {&person, 1})))) continue;
            members_[person].place = Place::joined;
            again = true;
        }
    }
}

bool Circle::may_read(PersonId person, Faces faces) const {
    const Face* face = find(faces, person);
    return place_of(person) == Place::joined && face != nullptr && !face->away;
}

bool Circle::may_speak(PersonId person, Faces faces) const {
    return open_ && may_read(person, faces) && whole(those_of(faces, standing(Place::joined)));
}

// --- mentors

namespace {

bool asked_of(Step step, AgeBand mentor) {
    return mentor == AgeBand::adult || (step != Step::interview && step != Step::clearance);
}

}  // namespace

Missing missing(const MatchFacts& facts, Timestamp now) {
    for (std::size_t i = 0; i < kSteps; ++i) {
        const auto& until = facts.screening[i];
        if (!asked_of(static_cast<Step>(i), facts.mentor)) continue;
        if (!until || *until <= now) return static_cast<Missing>(i + 1);
    }
    if (!facts.mentor_role) return Missing::mentor_role;
    if (facts.mentor_away) return Missing::mentor_away;
    if (facts.mentor == AgeBand::child) return Missing::mentor_adult;
    // An older peer is older than nobody who is of age.
    if (facts.mentor != AgeBand::adult && facts.learner == AgeBand::adult) return Missing::mentor_adult;
    if (!facts.learner_agrees) return Missing::learner_agrees;
    if (facts.learner != AgeBand::adult && !facts.guardian_approves) return Missing::guardian_approves;
    return Missing::nothing;
}

Timestamp holds_until(const MatchFacts& facts) {
    Timestamp first = kForGood;
    for (std::size_t i = 0; i < kSteps; ++i) {
        const auto& until = facts.screening[i];
        if (until && asked_of(static_cast<Step>(i), facts.mentor)) first = std::min(first, *until);
    }
    return first;
}

std::optional<MatchInForce> in_force(const MatchFacts& facts, Timestamp now) {
    if (missing(facts, now) != Missing::nothing) return std::nullopt;
    return MatchInForce(holds_until(facts));
}

}  // namespace braid::circles
