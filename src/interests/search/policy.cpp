#include "interests/search/policy.h"

namespace braid::search {

access::Decision decide(const Search&, const access::Actor&, const std::monostate&) {
    return access::Decision::allow();
}

void add_policies(access::PolicyBook& book) {
    book.add<Search>({{"works she may see", [](const access::Actor&) { return std::monostate{}; }}});
}

}  // namespace braid::search
