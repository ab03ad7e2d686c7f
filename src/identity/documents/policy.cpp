#include "identity/documents/policy.h"

namespace braid::documents {

Decision decide(const SeeDocument&, const Actor&, std::monostate) {
    return Decision::allow();
}

Decision decide(const PublishDocument&, const Actor& actor, std::monostate) {
    return actor.has(access::Role::administrator) ? Decision::allow() : Decision::hide("administrators only");
}

Decision decide(const AcceptDocument&, const Actor& actor, std::monostate) {
    return actor.signed_in() ? Decision::allow() : Decision::hide("nobody");
}

void add_policies(access::PolicyBook& book) {
    const auto any = [](const Actor&) { return std::monostate{}; };
    book.add<SeeDocument>({{"any", any}});
    book.add<PublishDocument>({{"any", any}});
    book.add<AcceptDocument>({{"her own", any}});
}

}  // namespace braid::documents
