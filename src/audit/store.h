// The tables of the audit log. No function changes or removes a row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/chain.h"
#include "audit/policy.h"

namespace braid::audit::store {

void append(sql::Tx& tx, Row& row);  // fills seq, previous and hash
Head head(sql::Session& session);
std::vector<Row> after(sql::Session& session, std::int64_t seq, int limit);  // in order
std::optional<std::int64_t> with_hash(sql::Session& session, std::string_view hash);

// What /admin/audit narrows by; empty and 0 are no filter.
struct Filter {
    std::string kind, action, object_kind;
    std::int64_t object = 0;
    PersonId actor, subject;
};
// Newest first, below `before`.
std::vector<Row> before(sql::Session& session, const access::Permit<SeeAudit>& permit, const Filter& filter,
                        std::int64_t before, int limit);
// The actions and kinds of object there are, for the form.
std::vector<std::string> actions(sql::Session& session);
std::vector<std::string> object_kinds(sql::Session& session);

}  // namespace braid::audit::store
