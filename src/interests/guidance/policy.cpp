#include "interests/guidance/policy.h"

namespace braid::guidance {

Decision decide(const SeeGuidance&, const Actor& actor, const std::monostate&) {
    return actor.signed_in() ? Decision::allow() : Decision::sign_in();
}
Decision decide(const SeeNext&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const Decline&, const Actor& actor, const std::monostate&) {
    return actor.signed_in() ? Decision::allow() : Decision::sign_in();
}

Decision decide(const SuggestPerson&, const Actor& actor, const SuggestedFacts& facts) {
    if (actor.is(facts.person)) return Decision::hide("herself");
    const bool adult = actor.band == access::AgeBand::adult;
    if (adult != (facts.band == access::AgeBand::adult))
        return Decision::hide("an adult and somebody under 18 are not suggested to each other");
    return Decision::allow();
}

void add_policies(access::PolicyBook& book) {
    const auto nothing = [](const Actor&) { return std::monostate{}; };
    book.add<SeeGuidance>({{"her own", nothing}});
    book.add<SeeNext>({{"after a chapter she may see", nothing}});
    book.add<Decline>({{"something suggested to her", nothing}});
    const auto of = [](access::AgeBand band) {
        return [band](const Actor&) { return SuggestedFacts{access::PersonId{990'000'001}, band}; };
    };
    book.add<SuggestPerson>({{"a child", of(access::AgeBand::child)},
                             {"a teen", of(access::AgeBand::teen)},
                             {"an adult", of(access::AgeBand::adult)}});
}

}  // namespace braid::guidance
