// Who may read, write and accept the site's documents.
#pragma once

#include "access/policy.h"

namespace braid::documents {

using access::Actor;
using access::Decision;
using access::Needs;
using access::Scope;

struct SeeDocument {
    static constexpr std::string_view kName = "documents.see";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::read;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
Decision decide(const SeeDocument&, const Actor& actor, std::monostate);

struct PublishDocument {
    static constexpr std::string_view kName = "documents.publish";
    static constexpr Needs kNeeds = Needs::staff;
    static constexpr Scope kScope = Scope::account;
    using Facts = std::monostate;
};
Decision decide(const PublishDocument&, const Actor& actor, std::monostate);

// One's own.
struct AcceptDocument {
    static constexpr std::string_view kName = "documents.accept";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
Decision decide(const AcceptDocument&, const Actor& actor, std::monostate);

void add_policies(access::PolicyBook& book);

}  // namespace braid::documents
