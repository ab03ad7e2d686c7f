// The table of oidc. Writes take a permit.
#pragma once

#include <optional>
#include <string_view>

#include "identity/accounts/api.h"
#include "identity/oidc/policy.h"
#include "identity/sessions/api.h"
#include "platform/sql/sql.h"

namespace braid::oidc::store {

using LinkRight = access::AnyPermit<accounts::SignUp, ManageIdentity>;

std::optional<PersonId> person(sql::Session& session, std::string_view issuer, std::string_view subject);

struct Link {
    Timestamp linked_at, last_used_at;
};
std::optional<Link> link(sql::Session& session, std::string_view issuer, PersonId person);

// False when either side is tied already.
bool insert(sql::Tx& tx, const LinkRight& right, std::string_view issuer, std::string_view subject,
            PersonId person, Timestamp at);
void note_use(sql::Tx& tx, const access::Permit<sessions::SignIn>& permit, std::string_view issuer,
              std::string_view subject, Timestamp at);
// False when there was none.
bool remove(sql::Tx& tx, const access::Permit<ManageIdentity>& permit, std::string_view issuer,
            PersonId person);

}  // namespace braid::oidc::store
