#include "identity/setup/policy.h"

namespace braid::setup {

Decision decide(const SetUp&, const Actor&, const SetUp::Facts& facts) {
    return facts.open ? Decision::allow() : Decision::hide("no open link");
}

void add_policies(access::PolicyBook& book) {
    book.add<SetUp>({{"holds the link of a site without an administrator",
                      [](const Actor&) { return SetUp::Facts{true}; }},
                     {"holds none, or the site has one", [](const Actor&) { return SetUp::Facts{false}; }}});
}

}  // namespace braid::setup
