// Giving and taking roles, with the proof the gravest ask for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/accounts/api.h"
#include "identity/roles/policy.h"
#include "identity/sessions/api.h"

namespace braid::roles {

using accounts::PersonFound;
using accounts::PersonId;
using accounts::Role;
using accounts::RoleScope;

// What somebody asks to be given, as typed.
struct Wish {
    std::string role, scope,
        until;  // "mentor"; "" or "site", "space:1c4gzk0e5m"; "" or "2027-01-31", that day included
};

// "2027-01-31" → the first moment of the day after, UTC. Nothing for what is no day.
std::optional<Timestamp> end_of_day(std::string_view text);
// The last day on which it holds, "2027-01-31".
std::string last_day(Timestamp until);

// Thread-safe.
class Service {
  public:
    Service(sql::Database& database, const Clock& clock, accounts::Accounts& accounts,
            sessions::StaffFactor staff_factor)
        : database_(database), clock_(clock), accounts_(accounts), staff_factor_(staff_factor) {}

    // For administrators.
    Result<std::vector<PersonFound>> find(const Actor& actor, std::string_view words,
                                          std::optional<Role> role);
    Result<PersonFound> person(const Actor& actor, std::string_view handle);

    // `invalid` on the fields role, scope, until; `forbidden` with roles.prove_first for a grave one without
    // a fresh proof; else as accounts::Accounts says.
    Result<void> grant(const Actor& actor, const sessions::Current& current, std::string_view handle,
                       const Wish& wish);
    Result<void> revoke(const Actor& actor, const sessions::Current& current, std::string_view handle,
                        std::string_view role, std::string_view scope);

    // What a wish asks for, read, with the proof that a grave one needs; whether it may be given is not
    // looked at.
    struct Checked {
        Role role = Role::learner;
        RoleScope scope;
        std::optional<Timestamp> until;
    };
    Result<Checked> checked(const Actor& actor, const sessions::Current& current, const Wish& wish);

    [[nodiscard]] Proof proof(const sessions::Current& current) const;

  private:
    // Nobody's id when nobody is called so: who may give nothing is answered alike, and who may is told.
    accounts::PersonId named(std::string_view handle);

    sql::Database& database_;
    const Clock& clock_;
    accounts::Accounts& accounts_;
    sessions::StaffFactor staff_factor_;
};

}  // namespace braid::roles
