// Changing what people are trusted with, seen from the door: who gives what is accounts::GrantRole.
#pragma once

#include "access/policy.h"
#include "identity/accounts/api.h"

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

// Making a link that gives a role, seeing and withdrawing one's own.
struct Invite {
    static constexpr std::string_view kName = "roles.invite";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    struct Facts {
        access::PersonId owner;
        accounts::Grantable grantable = accounts::Grantable::no;
    };
};
Decision decide(const Invite&, const Actor& actor, const Invite::Facts& facts);

// Reading what a link says: whoever holds it.
struct SeeInvitation {
    static constexpr std::string_view kName = "roles.see_invitation";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::read;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
Decision decide(const SeeInvitation&, const Actor& actor, std::monostate);

// The link is the proof.
struct AcceptInvitation {
    static constexpr std::string_view kName = "roles.accept_invitation";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    struct Facts {
        access::PersonId owner;
        bool her_own = false;  // she made it
    };
};
Decision decide(const AcceptInvitation&, const Actor& actor, const AcceptInvitation::Facts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::roles
