// Who may look around. Every list is filtered by works' one rule in SQL; profiles by the rule here.
#pragma once

#include <variant>

#include "access/policy.h"
#include "identity/accounts/api.h"

namespace braid::discovery {

using access::Actor;
using access::Decision;

struct SeeHome {
    static constexpr std::string_view kName = "discovery.see_home";
    static constexpr access::Needs kNeeds = access::Needs::nobody;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = std::monostate;
};
struct Browse {
    static constexpr std::string_view kName = "discovery.browse";
    static constexpr access::Needs kNeeds = access::Needs::nobody;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = std::monostate;
};

struct ProfileFacts {
    access::PersonId person;
    bool listed = false;  // visitors may see it
    bool paused = false;  // her guardian took consent back
};
struct SeeProfile {
    static constexpr std::string_view kName = "discovery.see_profile";
    static constexpr access::Needs kNeeds = access::Needs::nobody;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = ProfileFacts;
};

Decision decide(const SeeHome&, const Actor& actor, const std::monostate&);
Decision decide(const Browse&, const Actor& actor, const std::monostate&);
// A profile that is not listed is for who is signed in; to a visitor it does not exist. One of a paused
// account does not exist for anybody.
Decision decide(const SeeProfile&, const Actor& actor, const ProfileFacts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::discovery
