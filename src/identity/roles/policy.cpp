#include "identity/roles/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::roles {

Decision decide(const ChangeRoles&, const Actor&, const ChangeRoles::Facts& facts) {
    if (facts.weight == Weight::grave && facts.proof == Proof::stale)
        return Decision::refuse(_msg("roles.prove_first"), "a fresh proof is missing");
    return Decision::allow();
}

Decision decide(const Invite&, const Actor& actor, const Invite::Facts& facts) {
    if (!actor.is(facts.owner)) return Decision::hide("somebody else's");
    switch (facts.grantable) {
        case accounts::Grantable::yes:
            return Decision::allow();
        case accounts::Grantable::not_there:
            return Decision::refuse(_msg("accounts.role_not_there"), "held on the site alone");
        case accounts::Grantable::not_so_long:
            return Decision::refuse(_msg("accounts.role_too_long"), "longer than one's own");
        case accounts::Grantable::no:
            break;
    }
    return Decision::hide("not hers to give");
}

Decision decide(const SeeInvitation&, const Actor&, std::monostate) {
    return Decision::allow();
}

Decision decide(const AcceptInvitation&, const Actor& actor, const AcceptInvitation::Facts& facts) {
    if (!actor.is(facts.owner)) return Decision::hide("somebody else");
    if (facts.her_own) return Decision::refuse(_msg("roles.invitation_own"), "made by herself");
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
    const auto inviting = [](accounts::Grantable grantable) {
        return [=](const Actor& actor) {
            return Invite::Facts{actor.person.value_or(access::PersonId{1}), grantable};
        };
    };
    book.add<Invite>({{"to a role that is hers to give", inviting(accounts::Grantable::yes)},
                      {"for longer than her own", inviting(accounts::Grantable::not_so_long)},
                      {"to a role of the site, elsewhere", inviting(accounts::Grantable::not_there)},
                      {"to one that is not hers to give", inviting(accounts::Grantable::no)}});
    book.add<SeeInvitation>({{"holds the link", [](const Actor&) { return std::monostate{}; }}});
    const auto accepting = [](bool own) {
        return [=](const Actor& actor) {
            return AcceptInvitation::Facts{actor.person.value_or(access::PersonId{1}), own};
        };
    };
    book.add<AcceptInvitation>({{"holds the link", accepting(false)}, {"made it herself", accepting(true)}});
}

}  // namespace braid::roles
