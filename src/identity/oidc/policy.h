// What can be done with the tie between an account and a provider's: by oneself alone.
#pragma once

#include "access/policy.h"

namespace braid::oidc {

using access::Actor;
using access::Decision;
using access::Needs;
using access::PersonId;
using access::Scope;

// Seeing, making and cutting it.
struct ManageIdentity {
    static constexpr std::string_view kName = "oidc.manage_identity";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    struct Facts {
        PersonId owner;
    };
};
Decision decide(const ManageIdentity&, const Actor& actor, const ManageIdentity::Facts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::oidc
