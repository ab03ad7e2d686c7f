// The audit log: every staff view of private content and every staff action, append-only, each row chained to
// the one before it by a hash (chain.h). For every module above: a row is written in the transaction of what
// it records, so that neither exists without the other.
//
//   audit::record(tx, clock.now(), permit, {"work", id.value}, author, reason);       // an action, with its
//   permit audit::record_view(tx, clock.now(), actor, "moderation.open_case", {"comment", id.value}, author);
//
// One order for all nodes: a row begins by locking the head of the chain. On PostgreSQL two transactions that
// append at once are therefore rivals, and the one that waited is run again (SQLSTATE 40001, jittered):
// record() comes last in a transaction, so that the lock is short. Staff do some actions a minute; chain_test
// measures hundreds a second.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/policy.h"
#include "base/time.h"
#include "platform/sql/sql.h"

namespace braid::audit {

using access::Actor;
using access::PersonId;

enum class Kind { view, action };

// What it was about: "work" and its id. Kinds are lower-case words; they are what /admin/audit filters by.
struct Object {
    std::string_view kind;
    std::int64_t id = 0;
};

struct Entry {
    Kind kind = Kind::action;
    std::string_view action;  // name of an action of the policies
    Object object;
    std::optional<PersonId> subject = {};  // whose it is, or who it is about
    std::string_view reason = {};          // in the words of who acted; at most kReason code points are kept
};
inline constexpr std::size_t kReason = 2'000;

// Appends a row and returns its number. Throws sql::Failure.
std::int64_t record(sql::Tx& tx, Timestamp at, const Actor& actor, const Entry& entry);

template <class Action>
std::int64_t record(sql::Tx& tx, Timestamp at, const access::Permit<Action>& permit, Object object,
                    std::optional<PersonId> subject, std::string_view reason) {
    return record(tx, at, permit.actor(), {Kind::action, Action::kName, object, subject, reason});
}

inline std::int64_t record_view(sql::Tx& tx, Timestamp at, const Actor& actor, std::string_view action,
                                Object object, std::optional<PersonId> subject) {
    return record(tx, at, actor, {Kind::view, action, object, subject, {}});
}

}  // namespace braid::audit

template <>
struct braid::sql::EnumNames<braid::audit::Kind> {
    static constexpr std::array<std::string_view, 2> names{"view", "action"};
};
