// The table person_roles, and its sum in persons. Writes take a permit.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "identity/accounts/api.h"

namespace braid::accounts::store {

using GrantRight = access::AnyPermit<GrantRole, CreatePerson>;
using RevokeRight = access::AnyPermit<RevokeRole, GuardPerson>;

// In force at `now`, in the order of roles and scopes.
std::vector<Grant> grants(sql::Session& session, PersonId person, Timestamp now);
std::vector<Role> site_roles(sql::Session& session, PersonId person, Timestamp now);
bool holds(sql::Session& session, PersonId person, Role role, const RoleScope& scope, Timestamp now);
// How many hold it on the site, for ever or at least until after `now`.
int count_on_site(sql::Session& session, Role role, Timestamp now);

// In place of a grant of the same role there.
void put_grant(sql::Tx& tx, const GrantRight& right, PersonId person, const Grant& grant, Timestamp now);
bool delete_grant(sql::Tx& tx, const RevokeRight& right, PersonId person, Role role, const RoleScope& scope,
                  Timestamp now);

struct Ended {
    PersonId person;
    Role role = Role::learner;
    ScopeKind kind = ScopeKind::site;
    std::int64_t scope = 0;
};
// Removes what has ended, at most 500 at a time, and says what that was.
std::vector<Ended> delete_ended(sql::Tx& tx, Timestamp now);

// People whose handle begins with `words`, or whose address it is; by handle.
std::vector<PersonId> find_people(sql::Session& session, std::string_view words, int limit);
// Who holds `role` anywhere, by handle; nothing: any role but learner.
std::vector<PersonId> with_role(sql::Session& session, std::optional<Role> role, Timestamp now, int limit);

}  // namespace braid::accounts::store
