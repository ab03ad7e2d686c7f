#include "audit/policy.h"

namespace braid::audit {

using access::Decision;

Decision decide(const SeeAudit&, const access::Actor& actor, const std::monostate&) {
    return actor.has(access::Role::administrator) ? Decision::allow()
                                                  : Decision::hide("not an administrator");
}

void add_policies(access::PolicyBook& book) {
    book.add<SeeAudit>({{"the whole log", [](const access::Actor&) { return std::monostate{}; }}});
}

}  // namespace braid::audit
