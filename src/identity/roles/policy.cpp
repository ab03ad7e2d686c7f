#include "identity/roles/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::roles {

Decision decide(const ChangeRoles&, const Actor&, const ChangeRoles::Facts& facts) {
    if (facts.weight == Weight::grave && facts.proof == Proof::stale)
        return Decision::refuse(_msg("roles.prove_first"), "a fresh proof is missing");
    return Decision::allow();
}

void add_policies(access::PolicyBook& book) {
    const auto with = [](Weight weight, Proof proof) {
        return [=](const Actor&) { return ChangeRoles::Facts{weight, proof}; };
    };
    book.add<ChangeRoles>(
        {{"a light one", with(Weight::light, Proof::stale)},
         {"a grave one, second step shown just now", with(Weight::grave, Proof::fresh)},
         {"a grave one, shown long ago or never", with(Weight::grave, Proof::stale)},
         {"a grave one, where no second step is asked", with(Weight::grave, Proof::none_asked)}});
}

}  // namespace braid::roles
