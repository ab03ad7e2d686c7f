// What the shell's own routes are allowed for: everybody. They show nothing of anyone and keep nothing but
// cookies.
#pragma once

#include <string_view>
#include <variant>

#include "access/policy.h"

namespace braid::shell {

struct SeeShell {
    static constexpr std::string_view kName = "shell.see";
    static constexpr access::Needs kNeeds = access::Needs::nobody;
    static constexpr access::Scope kScope = access::Scope::read;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
access::Decision decide(const SeeShell&, const access::Actor&, const std::monostate&);

// Language and reading settings, kept in the visitor's own cookies.
struct ChooseLook {
    static constexpr std::string_view kName = "shell.choose_look";
    static constexpr access::Needs kNeeds = access::Needs::nobody;
    static constexpr access::Scope kScope = access::Scope::read;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
access::Decision decide(const ChooseLook&, const access::Actor&, const std::monostate&);

}  // namespace braid::shell
