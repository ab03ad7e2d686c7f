#include "identity/oidc/policy.h"

namespace braid::oidc {

Decision decide(const ManageIdentity&, const Actor& actor, const ManageIdentity::Facts& facts) {
    return actor.is(facts.owner) ? Decision::allow() : Decision::hide("somebody else's");
}

void add_policies(access::PolicyBook& book) {
    book.add<ManageIdentity>(
        {{"her own",
          [](const Actor& actor) { return ManageIdentity::Facts{actor.person.value_or(PersonId{1})}; }},
         {"somebody else's", [](const Actor&) { return ManageIdentity::Facts{PersonId{99}}; }}});
}

}  // namespace braid::oidc
