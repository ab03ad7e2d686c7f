#include "identity/blocks/store.h"

namespace braid::blocks {

namespace {

constexpr int kMostApart = 2'000;

const sql::Query kApart{"blocks.find_apart", "SELECT 1 FROM apart WHERE viewer = $1 AND person = $2"};
const sql::Query kApartFrom{"blocks.list_apart",
                            "SELECT person FROM apart WHERE viewer = $1 ORDER BY person LIMIT $2"};

const sql::Query kTie{"blocks.find",
                      "SELECT other, kind, since FROM blocks WHERE person = $1 AND other = $2"};
const sql::Query kTies{
    "blocks.list",
    "SELECT other, kind, since FROM blocks WHERE person = $1 ORDER BY since DESC, other DESC LIMIT $2"};
const sql::Query kCount{"blocks.count", "SELECT COUNT(*) FROM blocks WHERE person = $1"};
const sql::Query kPut{"blocks.put",
                      "INSERT INTO blocks (person, other, kind, since) VALUES ($1, $2, $3, $4) ON CONFLICT "
                      "(person, other) DO UPDATE SET kind = excluded.kind"};
const sql::Query kRemove{"blocks.remove", "DELETE FROM blocks WHERE person = $1 AND other = $2"};

const sql::Query kJoin{
    "blocks.join", "DELETE FROM apart WHERE (viewer = $1 AND person = $2) OR (viewer = $2 AND person = $1)"};
// She who set it does not see the other; with a block neither sees the other.
const sql::Query kPart{
    "blocks.part",
    "INSERT INTO apart (viewer, person) "
    "SELECT person, other FROM blocks WHERE (person = $1 AND other = $2) OR (person = $2 AND other = $1) "
    "UNION SELECT other, person FROM blocks WHERE kind = 'block' AND ((person = $1 AND other = $2) OR "
    "(person = $2 AND other = $1)) ON CONFLICT (viewer, person) DO NOTHING"};

const sql::Query kForget{"blocks.forget", "DELETE FROM blocks WHERE person = $1 OR other = $1"};
const sql::Query kForgetApart{"blocks.forget_apart", "DELETE FROM apart WHERE viewer = $1 OR person = $1"};

void settle(sql::Tx& tx, PersonId one, PersonId other) {
    tx.run(kJoin, one, other);
    tx.run(kPart, one, other);
}

}  // namespace

bool apart(sql::Session& session, PersonId viewer, PersonId person) {
    return session.maybe<int>(kApart, viewer, person).has_value();
}

bool apart(sql::Session& session, const Actor& actor, PersonId person) {
    return actor.signed_in() && apart(session, *actor.person, person);
}

bool shut_out(sql::Session& session, const Actor& actor, PersonId person) {
    if (!actor.signed_in()) return false;
    const auto tie = store::tie(session, person, *actor.person);
    return tie && tie->kind == Kind::block;
}

std::vector<PersonId> apart_from(sql::Session& session, const Actor& actor) {
    if (!actor.signed_in() || !actor.may_be_apart) return {};
    return session.all<PersonId>(kApartFrom, *actor.person, kMostApart);
}

namespace store {

std::optional<Tie> tie(sql::Session& session, PersonId person, PersonId other) {
    return session.maybe<Tie>(kTie, person, other);
}

int count(sql::Session& session, PersonId person) {
    return session.one<int>(kCount, person);
}

std::vector<Tie> ties(sql::Session& session, PersonId person, int limit) {
    return session.all<Tie>(kTies, person, limit);
}

void put(sql::Tx& tx, const access::Permit<KeepApart>& permit, PersonId other, Kind kind, Timestamp at) {
    const PersonId person = *permit.actor().person;
    tx.run(kPut, person, other, kind, at);
    settle(tx, person, other);
}

bool remove(sql::Tx& tx, const access::Permit<KeepApart>& permit, PersonId other) {
    const PersonId person = *permit.actor().person;
    const bool was = tx.run(kRemove, person, other) == 1;
    if (was) settle(tx, person, other);
    return was;
}

void forget(sql::Tx& tx, PersonId person) {
    tx.run(kForget, person);
    tx.run(kForgetApart, person);
}

}  // namespace store
}  // namespace braid::blocks
