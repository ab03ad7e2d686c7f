#include "shell/policy.h"

namespace braid::shell {

access::Decision decide(const SeeShell& /*action*/, const access::Actor& /*actor*/,
                        const std::monostate& /*facts*/) {
    return access::Decision::allow();
}

access::Decision decide(const ChooseLook& /*action*/, const access::Actor& /*actor*/,
                        const std::monostate& /*facts*/) {
    return access::Decision::allow();
}

}  // namespace braid::shell
