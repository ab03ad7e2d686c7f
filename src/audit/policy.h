// Who reads the audit log.
#pragma once

#include "access/policy.h"

namespace braid::audit {

// Administrators. For moderators it is not there: they are who it is about.
struct SeeAudit {
    static constexpr std::string_view kName = "audit.see";
    static constexpr access::Needs kNeeds = access::Needs::staff;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = std::monostate;
};
access::Decision decide(const SeeAudit&, const access::Actor& actor, const std::monostate&);

void add_policies(access::PolicyBook& book);

}  // namespace braid::audit
