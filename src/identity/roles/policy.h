// Changing what people are trusted with, seen from the door: who gives what is accounts::GrantRole.
#pragma once

#include "access/policy.h"

namespace braid::roles {

using access::Actor;
using access::Decision;
using access::Needs;
using access::Scope;

// `fresh`: a second factor was shown a moment ago. `stale`: not, and the site or the account has one.
// `none_asked`: the site asks nobody for one, and this session came in without.
enum class Proof { fresh, stale, none_asked };
enum class Weight { light, grave };

struct ChangeRoles {
    static constexpr std::string_view kName = "roles.change";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    struct Facts {
        Weight weight = Weight::grave;
        Proof proof = Proof::stale;
    };
};
Decision decide(const ChangeRoles&, const Actor& actor, const ChangeRoles::Facts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::roles
