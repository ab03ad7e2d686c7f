// The tables of circles. Writes take a permit, but for what time and others' decisions do (settling) and a
// feature's end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/circles/api.h"

namespace braid::circles::store {

struct Row {
    CircleId id;
    std::string kind;
    std::int64_t subject = 0;
    accounts::ScopeKind scope_kind = accounts::ScopeKind::site;
    std::int64_t scope = 0;
    Timestamp closed_at;
    [[nodiscard]] accounts::RoleScope where() const { return {scope_kind, scope}; }
};
struct MemberRow {
    PersonId person;
    Place place = Place::invited;
    PersonId invited_by;
};

std::optional<Row> circle(sql::Session& session, CircleId id);
std::vector<MemberRow> members(sql::Session& session, CircleId id);
std::vector<CircleId> open_after(sql::Session& session, CircleId after, int limit);
// Open ones in which she stands somehow.
std::vector<CircleId> open_with(sql::Session& session, PersonId person, int limit);
std::vector<CircleId> of(sql::Session& session, PersonId person, std::string_view kind, Place place,
                         int limit);
struct Met {
    PersonId person;
    std::int64_t times = 0;
};
// With whom she is or was in a circle, and in how many.
std::vector<Met> met(sql::Session& session, PersonId person);

// False when there is one about it already.
bool insert(sql::Tx& tx, const access::Permit<BeginCircle>& permit, const Row& row, Timestamp at);
using Moving = access::AnyPermit<BeginCircle, InviteToCircle, AcceptPlace, LeaveCircle>;
void put(sql::Tx& tx, const Moving& permit, CircleId circle, const MemberRow& member, Timestamp at);
// Follows from the rule alone: who waited is let in, who is gone has left.
void settle(sql::Tx& tx, CircleId circle, const MemberRow& member, Timestamp at);
void close(sql::Tx& tx, CircleId circle, Timestamp at);

}  // namespace braid::circles::store
