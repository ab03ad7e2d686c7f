#include "identity/blocks/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::blocks {

Decision decide(const KeepApart&, const Actor& actor, const OtherFacts& facts) {
    if (!actor.signed_in()) return Decision::sign_in();
    if (actor.is(facts.other)) return Decision::refuse(_msg("blocks.oneself"), "herself");
    return Decision::allow();
}

Decision decide(const ListBlocks&, const Actor& actor, const std::monostate&) {
    return actor.signed_in() ? Decision::allow() : Decision::sign_in();
}

void add_policies(access::PolicyBook& book) {
    book.add<KeepApart>(
        {{"somebody else", [](const Actor&) { return OtherFacts{PersonId{2}}; }},
         {"herself", [](const Actor& actor) { return OtherFacts{actor.person.value_or(PersonId{1})}; }}});
    book.add<ListBlocks>({{"her own", [](const Actor&) { return std::monostate{}; }}});
}

}  // namespace braid::blocks
