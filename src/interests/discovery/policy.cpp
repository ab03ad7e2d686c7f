#include "interests/discovery/policy.h"

namespace braid::discovery {

Decision decide(const SeeHome&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const Browse&, const Actor&, const std::monostate&) {
    return Decision::allow();
}

Decision decide(const SeeProfile&, const Actor& actor, const ProfileFacts& facts) {
    if (facts.paused) return Decision::hide("the account is paused");
    if (facts.listed || actor.signed_in()) return Decision::allow();
    return Decision::hide("the profile is not listed");
}

void add_policies(access::PolicyBook& book) {
    const auto nothing = [](const Actor&) { return std::monostate{}; };
    book.add<SeeHome>({{"home", nothing}});
    book.add<Browse>({{"works she may see", nothing}});
    book.add<SeeProfile>({
        {"a listed profile",
         [](const Actor&) {
             return ProfileFacts{access::PersonId{990'000'001}, true};
         }},
        {"a profile that is not listed",
         [](const Actor&) {
             return ProfileFacts{access::PersonId{990'000'001}, false};
         }},
        {"her own, not listed",
         [](const Actor& actor) {
             return ProfileFacts{actor.person.value_or(access::PersonId{990'000'001}), false};
         }},
    });
}

}  // namespace braid::discovery
