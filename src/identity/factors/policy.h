// What can be done with one's second factors: by oneself alone.
#pragma once

#include "access/policy.h"

namespace braid::factors {

using access::Actor;
using access::Decision;
using access::Needs;
using access::PersonId;
using access::Scope;

struct OwnerFacts {
    PersonId owner;
};

struct SeeFactors {
    static constexpr std::string_view kName = "factors.see";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = OwnerFacts;
};
Decision decide(const SeeFactors&, const Actor& actor, const OwnerFacts& facts);

// Adding, replacing, renewing; the password or a factor is asked for besides.
struct SetUpFactor {
    static constexpr std::string_view kName = "factors.set_up";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = OwnerFacts;
};
Decision decide(const SetUpFactor&, const Actor& actor, const OwnerFacts& facts);

struct RemoveFactor {
    static constexpr std::string_view kName = "factors.remove";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    struct Facts {
        PersonId owner;
        bool last = false;      // nothing but recovery codes would be left
        bool required = false;  // the site asks accounts like this one for a factor
    };
};
Decision decide(const RemoveFactor&, const Actor& actor, const RemoveFactor::Facts& facts);

// Showing a factor again, for what asks for a fresh proof.
struct ProveAgain {
    static constexpr std::string_view kName = "factors.prove_again";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = OwnerFacts;
};
Decision decide(const ProveAgain&, const Actor& actor, const OwnerFacts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::factors
