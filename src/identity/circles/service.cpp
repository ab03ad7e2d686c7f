#include "identity/circles/service.h"

#include <algorithm>
#include <stdexcept>

#include "identity/blocks/api.h"
#include "identity/circles/events.h"
#include "platform/i18n/i18n.h"

namespace braid::circles {

namespace {

constexpr int kAtOnce = 100;

Error no_such_circle() {
    return not_found("no such circle, or the actor is not in it");
}

}  // namespace

Kind Kind::gathering(std::string name, Ground ground) {
    return {std::move(name), std::move(ground)};
}

Kind Kind::pairing(std::string name, Match match) {
    return {std::move(name), [match = std::move(match)](sql::Session& session, std::int64_t subject) {
                return match(session, subject).has_value();
            }};
}

void Service::declare(Kind kind) {
    std::string name = kind.name();
    if (!kinds_.emplace(name, std::move(kind)).second)
        throw std::logic_error("two kinds of circles are called " + name);
}

const Kind* Service::kind(std::string_view name) const {
    const auto it = kinds_.find(name);
    return it == kinds_.end() ? nullptr : &it->second;
}

// Of a kind that no feature declares any more: rests.
bool Service::holds(sql::Session& session, const store::Row& row) const {
    const Kind* known = kind(row.kind);
    return known != nullptr && known->holds(session, row.subject);
}

std::vector<Face> Service::faces(sql::Session& session, std::span<const PersonId> people,
                                 const accounts::RoleScope& where) const {
    const Timestamp now = clock_.now();
    std::vector<Face> faces;
    for (const PersonId person : people) {
        const auto card = accounts_.card(session, person);
        if (!card) continue;  // the model takes her for a child whom nobody watches over
        const auto restrictions = accounts_.restrictions(session, person);
        Face face{.person = person, .band = card->band};
        face.away = card->paused || (restrictions && restrictions->suspended(now));
        if (card->band == AgeBand::adult) {
            face.coordinates =
                accounts_.holds(session, person, access::Role::coordinator, where) ||
                accounts_.holds(session, person, access::Role::coordinator, accounts::RoleScope{});
            for (const PersonId other : people) {
                if (other != person && guardianships_.guards(session, person, other))
                    face.guards.push_back(other);
            }
        }
        faces.push_back(std::move(face));
    }
    return faces;
}

std::optional<Service::Held> Service::load(sql::Session& session, CircleId id) const {
    auto row = store::circle(session, id);
    if (!row) return std::nullopt;
    std::map<PersonId, Circle::Member> members;
    std::vector<PersonId> people;
    for (const store::MemberRow& member : store::members(session, id)) {
        members[member.person] = {member.place, member.invited_by};
        if (member.place != Place::left) people.push_back(member.person);
    }
    auto known = faces(session, people, row->where());
    const bool open = row->closed_at.micros == 0;
    return Held{std::move(*row), Circle(std::move(members), open), std::move(known)};
}

// With those who are in it as company.
CircleFacts Service::facts(sql::Session& session, const Actor& actor, const Held& held) const {
    CircleFacts facts{.open = held.circle.open(), .ground = holds(session, held.row)};
    for (const PersonId person : held.circle.standing(Place::joined)) {
        const auto face = std::ranges::find(held.faces, person, &Face::person);
        facts.together.push_back(face != held.faces.end() ? *face : Face{.person = person, .away = true});
    }
    if (!actor.person) return facts;
    facts.place = held.circle.place_of(*actor.person);
    const auto own = std::ranges::find(held.faces, *actor.person, &Face::person);
    facts.away = own == held.faces.end() || own->away;
    return facts;
}

void Service::tell_closed(sql::Tx& tx, const store::Row& row, std::string_view why) {
    store::close(tx, row.id, clock_.now());
    outbox_.append(tx, CircleClosed{row.id.text(), row.kind, id_to_text(row.subject), std::string(why)});
}

template <class Right>
void Service::save(sql::Tx& tx, const Right& right, const store::Row& row, const Circle& before,
                   const Circle& after) {
    const Timestamp now = clock_.now();
    for (const auto& [person, member] : after.members()) {
        const auto was = before.members().find(person);
        if (was != before.members().end() && was->second == member) continue;
        store::put(tx, right, row.id, {person, member.place, member.invited_by}, now);
        // Who wants nothing of the other hears nothing of it, and he nothing of that.
        if (member.place == Place::invited && !blocks::apart(tx, person, member.invited_by)) {
            outbox_.append(tx, PersonInvited{row.id.text(), row.kind, id_to_text(row.subject), person.text(),
                                             member.invited_by.text()});
        }
    }
    if (before.open() && !after.open())
        tell_closed(tx, row, after.standing(Place::joined).empty() ? "left" : "alone");
}

Result<CircleId> Service::begin(sql::Tx& tx, const Actor& actor, const About& about,
                                std::span<const PersonId> asked) {
    if (kind(about.kind) == nullptr) throw std::logic_error("no kind of circles is called " + about.kind);
    if (!actor.person) return unauthenticated();
    TRY(accounts_.confirm(tx, actor));
    std::vector<PersonId> people{*actor.person};
    for (const PersonId person : asked) {
        if (std::ranges::find(people, person) == people.end()) people.push_back(person);
    }
    if (people.size() > static_cast<std::size_t>(kMembers))
        return invalid("people", _msg("circles.too_many"));
    const auto known = faces(tx, people, about.scope);
    for (const PersonId person : people) {
        if (blocks::apart(tx, actor, person)) return not_found("apart from somebody asked");
    }
    if (known.size() != people.size()) return not_found("somebody asked is nobody");
    const store::Row row{ids_.make<CircleId>(), about.kind,     about.subject,
                         about.scope.kind,      about.scope.id, {}};
    const auto permit = TRY(access::permit<BeginCircle>(
        actor, {.together = known, .open = true, .away = known.front().away, .ground = holds(tx, row)}));
    const auto circle = Circle::begun(*actor.person, people, known);
    if (!circle) return forbidden(_msg("circles.never_alone"), "a minor would be alone with an adult");
    if (!store::insert(tx, permit, row, clock_.now()))
        return Error{.code = ErrorCode::conflict, .message_key = _msg("circles.there_already")};
    save(tx, permit, row, Circle({}, true), *circle);
    return row.id;
}

Result<void> Service::invite(sql::Tx& tx, const Actor& actor, CircleId id, PersonId person) {
    TRY(accounts_.confirm(tx, actor));
    auto held = load(tx, id);
    if (!held) return no_such_circle();
    CircleFacts about = facts(tx, actor, *held);
    auto everybody = held->circle.standing(Place::joined);
    for (const Place place : {Place::accepted, Place::invited})
        std::ranges::copy(held->circle.standing(place), std::back_inserter(everybody));
    if (std::ranges::find(everybody, person) == everybody.end()) everybody.push_back(person);
    if (everybody.size() > static_cast<std::size_t>(kMembers))
        return invalid("people", _msg("circles.too_many"));
    held->faces = faces(tx, everybody, held->row.where());
    about.together = held->faces;
    const auto permit = TRY(access::permit<InviteToCircle>(actor, about));
    if (held->faces.size() != everybody.size() || blocks::apart(tx, actor, person))
        return not_found("nobody to be asked");
    const Circle before = held->circle;
    if (held->circle.invite(*actor.person, person, held->faces) == Change::refused)
        return forbidden(_msg("circles.never_alone"), "a minor would be alone with an adult");
    save(tx, permit, held->row, before, held->circle);
    return {};
}

Result<Place> Service::accept(sql::Tx& tx, const Actor& actor, CircleId id) {
    TRY(accounts_.confirm(tx, actor));
    auto held = load(tx, id);
    if (!held) return no_such_circle();
    const auto permit = TRY(access::permit<AcceptPlace>(actor, facts(tx, actor, *held)));
    const Circle before = held->circle;
    held->circle.accept(*actor.person, held->faces);
    save(tx, permit, held->row, before, held->circle);
    return held->circle.place_of(*actor.person).value_or(Place::left);
}

Result<void> Service::leave(sql::Tx& tx, const Actor& actor, CircleId id) {
    auto held = load(tx, id);
    if (!held) return no_such_circle();
    const auto permit = TRY(access::permit<LeaveCircle>(actor, facts(tx, actor, *held)));
    const Circle before = held->circle;
    held->circle.leave(*actor.person, held->faces);
    save(tx, permit, held->row, before, held->circle);
    return {};
}

void Service::close(sql::Tx& tx, CircleId id) {
    const auto row = store::circle(tx, id);
    if (row && row->closed_at.micros == 0) tell_closed(tx, *row, "over");
}

Result<Present> Service::present(sql::Tx& tx, const Actor& actor, CircleId id) {
    TRY(accounts_.confirm(tx, actor));
    const auto held = load(tx, id);
    if (!held) return no_such_circle();
    const auto permit = TRY(access::permit<SpeakInCircle>(actor, facts(tx, actor, *held)));
    return Present(permit, id);
}

Result<void> Service::may_read(sql::Session& session, const Actor& actor, CircleId id) const {
    const auto held = load(session, id);
    if (!held) return no_such_circle();
    TRY(access::permit<ReadCircle>(actor, facts(session, actor, *held)));
    return {};
}

State Service::state(sql::Session& session, CircleId id) const {
    const auto held = load(session, id);
    if (!held || !held->circle.open()) return State::closed;
    return whole(facts(session, {}, *held).together) && holds(session, held->row) ? State::open
                                                                                  : State::resting;
}

Result<std::vector<PersonId>> Service::members(sql::Session& session, const Actor& actor, CircleId id) const {
    TRY(may_read(session, actor, id));
    auto people = load(session, id)->circle.standing(Place::joined);
    for (const PersonId apart : blocks::apart_from(session, actor))
        std::erase(people, apart);
    return people;
}

std::vector<CircleId> Service::of(sql::Session& session, const Actor& actor, std::string_view kind,
                                  Place place, int limit) const {
    if (!actor.person) return {};
    return store::of(session, *actor.person, kind, place, limit);
}

// --- what time and others' decisions do

void Service::settle(sql::Tx& tx, CircleId id) {
    auto held = load(tx, id);
    if (!held || !held->circle.open()) return;
    const Circle before = held->circle;
    if (held->circle.settle(held->faces) != Change::done) return;
    for (const auto& [person, member] : held->circle.members()) {
        if (before.members().at(person) == member) continue;
        store::settle(tx, id, {person, member.place, member.invited_by}, clock_.now());
    }
    if (!held->circle.open())
        tell_closed(tx, held->row, held->circle.standing(Place::joined).empty() ? "left" : "alone");
}

void Service::settle_with(sql::Tx& tx, PersonId person) {
    for (const CircleId id : store::open_with(tx, person, kMembers))
        settle(tx, id);
}

int Service::sweep() {
    int closed = 0;
    for (CircleId last{};;) {
        const auto ids =
            database_.read([&](sql::Reader& reader) { return store::open_after(reader, last, kAtOnce); });
        if (ids.empty()) return closed;
        last = ids.back();
        int now = 0;
        database_.with_tx([&](sql::Tx& tx) {
            now = 0;  // run again after a rival
            for (const CircleId id : ids) {
                settle(tx, id);
                const auto row = store::circle(tx, id);
                if (row && row->closed_at.micros != 0) ++now;
            }
            return true;
        });
        closed += now;
    }
}

void Service::forget(sql::Tx& tx, PersonId person) {
    for (const CircleId id : store::open_with(tx, person, kMembers)) {
        const auto held = load(tx, id);
        if (!held) continue;
        const auto member = held->circle.members().find(person);
        if (member == held->circle.members().end()) continue;
        store::settle(tx, id, {person, Place::left, member->second.invited_by}, clock_.now());
        settle(tx, id);
    }
}

}  // namespace braid::circles
