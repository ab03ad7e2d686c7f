// Who may make the first administrator: whoever holds the link, as long as there is none.
#pragma once

#include "access/policy.h"

namespace braid::setup {

using access::Actor;
using access::Decision;
using access::Needs;
using access::Scope;

struct SetUp {
    static constexpr std::string_view kName = "setup.set_up";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::account;
    struct Facts {
        bool open = false;  // holds the link, and there is no administrator
    };
};
Decision decide(const SetUp&, const Actor& actor, const SetUp::Facts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::setup
