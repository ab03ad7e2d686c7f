#include "stewardship/privacy/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::privacy {

namespace {

Decision hers(const Actor& actor, PersonId person, bool guards) {
    if (actor.is(person)) return Decision::allow();
    return guards && !actor.minor() ? Decision::allow() : Decision::hide("somebody else's data");
}

}  // namespace

Decision decide(const SeeRetention&, const Actor&, const std::monostate&) {
    return Decision::allow();
}

Decision decide(const TakeData&, const Actor& actor, const DataFacts& facts) {
    return hers(actor, facts.person, facts.guards);
}

Decision decide(const EndAccount&, const Actor& actor, const EndFacts& facts) {
    if (const Decision known = hers(actor, facts.person, facts.guards); !known.allowed()) return known;
    if (!facts.proved)
        return Decision::refuse(_msg("privacy.prove_first"), "neither password nor second factor");
    return Decision::allow();
}

void add_policies(access::PolicyBook& book) {
    constexpr PersonId kSomebody{990'000'002};
    const auto self = [](const Actor& actor) { return actor.person.value_or(PersonId{1}); };
    book.add<SeeRetention>({{"any", [](const Actor&) { return std::monostate{}; }}});
    book.add<TakeData>({{"her own",
                         [=](const Actor& actor) {
                             return DataFacts{self(actor), false};
                         }},
                        {"of a child below the age of consent, her guardian",
                         [=](const Actor&) {
                             return DataFacts{kSomebody, true};
                         }},
                        {"somebody else's", [=](const Actor&) {
                             return DataFacts{kSomebody, false};
                         }}});
    book.add<EndAccount>({{"her own, password shown again",
                           [=](const Actor& actor) {
                               return EndFacts{self(actor), false, true};
                           }},
                          {"her own, without",
                           [=](const Actor& actor) {
                               return EndFacts{self(actor), false, false};
                           }},
                          {"of a child below the age of consent, her guardian",
                           [=](const Actor&) {
                               return EndFacts{kSomebody, true, true};
                           }},
                          {"somebody else's", [=](const Actor&) {
                               return EndFacts{kSomebody, false, true};
                           }}});
}

}  // namespace braid::privacy
