// Who may search. What is found is filtered in SQL by works' one rule for lists.
#pragma once

#include <variant>

#include "access/policy.h"

namespace braid::search {

struct Search {
    static constexpr std::string_view kName = "search.search";
    static constexpr access::Needs kNeeds = access::Needs::nobody;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = std::monostate;
};

access::Decision decide(const Search&, const access::Actor& actor, const std::monostate&);

void add_policies(access::PolicyBook& book);

}  // namespace braid::search
