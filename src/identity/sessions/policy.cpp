#include "identity/sessions/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::sessions {

Decision decide(const SignIn&, const Actor&, std::monostate) {
    return Decision::allow();
}
Decision decide(const FinishSignIn&, const Actor&, std::monostate) {
    return Decision::allow();
}
Decision decide(const SignOut&, const Actor&, std::monostate) {
    return Decision::allow();
}

Decision decide(const ManageSessions&, const Actor& actor, const OwnerFacts& facts) {
    return actor.is(facts.owner) ? Decision::allow() : Decision::hide("somebody else's");
}

Decision decide(const ManageTokens&, const Actor& actor, const OwnerFacts& facts) {
    return actor.is(facts.owner) ? Decision::allow() : Decision::hide("somebody else's");
}

Decision decide(const CreateToken&, const Actor& actor, const CreateTokenFacts& facts) {
    if (!actor.is(facts.owner)) return Decision::hide("somebody else's");
    if ((facts.scopes & ~actor.scopes) != 0)
        return Decision::refuse(_msg("sessions.token_wider"), "more than the token that asks");
    return Decision::allow();
}

void add_policies(access::PolicyBook& book) {
    const auto any = [](const Actor&) { return std::monostate{}; };
    const auto hers = [](const Actor& actor) { return OwnerFacts{actor.person.value_or(PersonId{1})}; };
    const auto others = [](const Actor&) { return OwnerFacts{PersonId{99}}; };
    book.add<SignIn>({{"any", any}});
    book.add<FinishSignIn>({{"shows a second factor or a passkey", any}});
    book.add<SignOut>({{"any", any}});
    book.add<ManageSessions>({{"her own", hers}, {"somebody else's", others}});
    book.add<ManageTokens>({{"her own", hers}, {"somebody else's", others}});
    book.add<CreateToken>({{"for herself",
                            [](const Actor& actor) {
                                return CreateTokenFacts{actor.person.value_or(PersonId{1}), 7};
                            }},
                           {"for somebody else", [](const Actor&) {
                                return CreateTokenFacts{PersonId{99}, 1};
                            }}});
}

}  // namespace braid::sessions
