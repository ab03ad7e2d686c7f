#include "audit/store.h"

#include "base/text.h"

namespace braid::audit {

namespace {

#define ROW "seq, at, actor, roles, kind, action, object_kind, object, subject, reason, previous, hash"

// First of all, so that a rival waits here and not after it has done its work.
const sql::Query kLockHead{"audit.lock_head",
                           "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash"};
const sql::Query kInsert{"audit.insert", "INSERT INTO audit_log (" ROW
                                         ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"};
const sql::Query kSetHead{"audit.set_head", "UPDATE audit_head SET hash = $1 WHERE id = 1"};
const sql::Query kHead{"audit.head", "SELECT seq, hash FROM audit_head WHERE id = 1"};
const sql::Query kAfter{"audit.list_after",
                        "SELECT " ROW " FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2"};
const sql::Query kWithHash{"audit.find_by_hash",
                           "SELECT seq FROM audit_log WHERE hash = $1 ORDER BY seq LIMIT 1"};
#define FILTERS                                                                                     \
    "seq < $1 AND (CAST($3 AS TEXT) = '' OR kind = $3) AND (CAST($4 AS TEXT) = '' OR action = $4) " \
    "AND (CAST($5 AS TEXT) = '' OR object_kind = $5) AND (CAST($6 AS BIGINT) = 0 OR object = $6) "  \
    "AND (CAST($7 AS BIGINT) = 0 OR actor = $7) AND (CAST($8 AS BIGINT) = 0 OR subject = $8)"
const sql::Query kBefore{"audit.list_before",
                         "SELECT " ROW " FROM audit_log WHERE " FILTERS " ORDER BY seq DESC LIMIT $2"};
const sql::Query kActions{"audit.list_actions",
                          "SELECT DISTINCT action FROM audit_log ORDER BY action LIMIT 200"};
const sql::Query kObjectKinds{"audit.list_object_kinds",
                              "SELECT DISTINCT object_kind FROM audit_log ORDER BY object_kind LIMIT 100"};

}  // namespace

namespace store {

void append(sql::Tx& tx, Row& row) {
    const Head before = tx.one<Head>(kLockHead);
    row.seq = before.seq;
    row.previous = before.hash;
    row.hash = hash_of(row);
    tx.run(kInsert, row.seq, row.at, row.actor, row.roles, row.kind, row.action, row.object_kind, row.object,
           row.subject, row.reason, row.previous, row.hash);
    tx.run(kSetHead, row.hash);
}

Head head(sql::Session& session) {
    return session.one<Head>(kHead);
}
std::vector<Row> after(sql::Session& session, std::int64_t seq, int limit) {
    return session.all<Row>(kAfter, seq, limit);
}
std::optional<std::int64_t> with_hash(sql::Session& session, std::string_view hash) {
    return session.maybe<std::int64_t>(kWithHash, hash);
}
std::vector<Row> before(sql::Session& session, const access::Permit<SeeAudit>&, const Filter& filter,
                        std::int64_t before, int limit) {
    return session.all<Row>(kBefore, before, limit, filter.kind, filter.action, filter.object_kind,
                            filter.object, filter.actor, filter.subject);
}
std::vector<std::string> actions(sql::Session& session) {
    return session.all<std::string>(kActions);
}
std::vector<std::string> object_kinds(sql::Session& session) {
    return session.all<std::string>(kObjectKinds);
}

}  // namespace store

std::int64_t record(sql::Tx& tx, Timestamp at, const Actor& actor, const Entry& entry) {
    Row row;
    row.at = at;
    row.actor = actor.person.value_or(PersonId{});
    row.roles = actor.roles;
    row.kind = entry.kind;
    row.action = entry.action;
    row.object_kind = entry.object.kind;
    row.object = entry.object.id;
    row.subject = entry.subject.value_or(PersonId{});
    row.reason = ellipsis(entry.reason, kReason);
    store::append(tx, row);
    return row.seq;
}

}  // namespace braid::audit
