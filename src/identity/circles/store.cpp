#include "identity/circles/store.h"

#include "identity/blocks/api.h"

namespace braid::circles::store {

namespace {

const sql::Query kCircle{"circles.find",
                         "SELECT id, kind, subject, scope_kind, scope, closed_at FROM circles WHERE id = $1"};
const sql::Query kMembersOf{"circles.list_members", R"(
    SELECT person, place, invited_by FROM circle_members WHERE circle = $1 ORDER BY person LIMIT $2)"};
const sql::Query kOpenAfter{"circles.list_open", R"(
    SELECT id FROM circles WHERE closed_at = 0 AND id > $1 ORDER BY id LIMIT $2)"};
const sql::Query kOpenWith{"circles.list_open_with", R"(
    SELECT c.id FROM circle_members m JOIN circles c ON c.id = m.circle
    WHERE m.person = $1 AND m.place <> 'left' AND c.closed_at = 0 ORDER BY c.id LIMIT $2)"};
// Whom she sees nothing of asks her into nothing.
const sql::Query kOf{
    "circles.list_of",
    "SELECT c.id FROM circle_members m JOIN circles c ON c.id = m.circle "
    "WHERE m.person = $1 AND m.place = $3 AND c.kind = $2 AND (m.place <> 'invited' OR " BRAID_NOT_APART(
        "m.person", "m.invited_by") ") ORDER BY c.id DESC LIMIT $4"};
const sql::Query kMet{"circles.list_met", R"(
    SELECT o.person, COUNT(*) FROM circle_members m JOIN circle_members o ON o.circle = m.circle
    WHERE m.person = $1 AND m.place IN ('joined', 'left') AND o.person <> $1 AND o.place IN ('joined', 'left')
    GROUP BY o.person ORDER BY COUNT(*) DESC, o.person LIMIT 200)"};
const sql::Query kInsert{"circles.insert", R"(
    INSERT INTO circles (id, kind, subject, scope_kind, scope, began_at, closed_at)
    VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (kind, subject) DO NOTHING)"};
const sql::Query kPut{"circles.put_member", R"(
    INSERT INTO circle_members (circle, person, place, invited_by, since) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (circle, person) DO UPDATE
    SET place = excluded.place, invited_by = excluded.invited_by, since = excluded.since)"};
const sql::Query kClose{"circles.close", "UPDATE circles SET closed_at = $2 WHERE id = $1 AND closed_at = 0"};

}  // namespace

std::optional<Row> circle(sql::Session& session, CircleId id) {
    return session.maybe<Row>(kCircle, id);
}

std::vector<MemberRow> members(sql::Session& session, CircleId id) {
    return session.all<MemberRow>(kMembersOf, id, 2 * kMembers);
}

std::vector<CircleId> open_after(sql::Session& session, CircleId after, int limit) {
    return session.all<CircleId>(kOpenAfter, after, limit);
}

std::vector<CircleId> open_with(sql::Session& session, PersonId person, int limit) {
    return session.all<CircleId>(kOpenWith, person, limit);
}

std::vector<CircleId> of(sql::Session& session, PersonId person, std::string_view kind, Place place,
                         int limit) {
    return session.all<CircleId>(kOf, person, kind, place, limit);
}

std::vector<Met> met(sql::Session& session, PersonId person) {
    return session.all<Met>(kMet, person);
}

bool insert(sql::Tx& tx, const access::Permit<BeginCircle>&, const Row& row, Timestamp at) {
    return tx.run(kInsert, row.id, row.kind, row.subject, row.scope_kind, row.scope, at) == 1;
}

void put(sql::Tx& tx, const Moving&, CircleId circle, const MemberRow& member, Timestamp at) {
    settle(tx, circle, member, at);
}

void settle(sql::Tx& tx, CircleId circle, const MemberRow& member, Timestamp at) {
    tx.run(kPut, circle, member.person, member.place, member.invited_by, at);
}

void close(sql::Tx& tx, CircleId circle, Timestamp at) {
    tx.run(kClose, circle, at);
}

}  // namespace braid::circles::store
