#include "identity/factors/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::factors {

namespace {

Decision own(const Actor& actor, PersonId owner) {
    return actor.is(owner) ? Decision::allow() : Decision::hide("somebody else's");
}

}  // namespace

Decision decide(const SeeFactors&, const Actor& actor, const OwnerFacts& facts) {
    return own(actor, facts.owner);
}
Decision decide(const SetUpFactor&, const Actor& actor, const OwnerFacts& facts) {
    return own(actor, facts.owner);
}
Decision decide(const ProveAgain&, const Actor& actor, const OwnerFacts& facts) {
    return own(actor, facts.owner);
}

Decision decide(const RemoveFactor&, const Actor& actor, const RemoveFactor::Facts& facts) {
    if (!actor.is(facts.owner)) return Decision::hide("somebody else's");
    if (facts.last && facts.required)
        return Decision::refuse(_msg("factors.last_one"), "the last factor of a trusted account");
    return Decision::allow();
}

void add_policies(access::PolicyBook& book) {
    const auto hers = [](const Actor& actor) { return OwnerFacts{actor.person.value_or(PersonId{1})}; };
    const auto others = [](const Actor&) { return OwnerFacts{PersonId{99}}; };
    book.add<SeeFactors>({{"her own", hers}, {"somebody else's", others}});
    book.add<SetUpFactor>({{"her own", hers}, {"somebody else's", others}});
    book.add<ProveAgain>({{"her own", hers}, {"somebody else's", others}});
    const auto removing = [](bool last) {
        return [last](const Actor& actor) {
            return RemoveFactor::Facts{actor.person.value_or(PersonId{1}), last, actor.trusted()};
        };
    };
    book.add<RemoveFactor>({{"one of several", removing(false)},
                            {"the last, where staff must have one", removing(true)},
                            {"somebody else's", [](const Actor&) {
                                 return RemoveFactor::Facts{PersonId{99}, false, false};
                             }}});
}

}  // namespace braid::factors
