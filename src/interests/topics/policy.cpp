#include "interests/topics/policy.h"

namespace braid::topics {

Decision decide(const SeeTopics&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const SeeInterests&, const Actor& actor, const std::monostate&) {
    return actor.signed_in() ? Decision::allow() : Decision::sign_in();
}
Decision decide(const KeepInterests&, const Actor& actor, const std::monostate&) {
    return actor.signed_in() ? Decision::allow() : Decision::sign_in();
}
Decision decide(const Wrangle&, const Actor& actor, const std::monostate&) {
    return actor.has(access::Role::moderator) || actor.has(access::Role::administrator)
               ? Decision::allow()
               : Decision::hide("for moderators");
}

void add_policies(access::PolicyBook& book) {
    const auto nothing = [](const Actor&) { return std::monostate{}; };
    book.add<SeeTopics>({{"any topic", nothing}});
    book.add<SeeInterests>({{"her own", nothing}});
    book.add<KeepInterests>({{"her own", nothing}});
    book.add<Wrangle>({{"any topic or tag", nothing}});
}

}  // namespace braid::topics
