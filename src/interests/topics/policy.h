// Who may look at topics, keep interests, and change the vocabulary.
#pragma once

#include <variant>

#include "access/policy.h"

namespace braid::topics {

using access::Actor;
using access::Decision;

// The vocabulary is for everybody; works on a hub are filtered by works' rule in SQL.
struct SeeTopics {
    static constexpr std::string_view kName = "topics.see";
    static constexpr access::Needs kNeeds = access::Needs::nobody;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = std::monostate;
};
struct SeeInterests {  // one's own
    static constexpr std::string_view kName = "topics.see_interests";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = std::monostate;
};
struct KeepInterests {  // one's own: add, follow, take away, show
    static constexpr std::string_view kName = "topics.keep_interests";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::write;
    static constexpr auto kWhileQuiet = access::WhileQuiet::allowed;
    using Facts = std::monostate;
};
struct Wrangle {  // say what tags mean; merge and order topics
    static constexpr std::string_view kName = "topics.wrangle";
    static constexpr access::Needs kNeeds = access::Needs::staff;
    static constexpr access::Scope kScope = access::Scope::write;
    using Facts = std::monostate;
};

Decision decide(const SeeTopics&, const Actor& actor, const std::monostate&);
Decision decide(const SeeInterests&, const Actor& actor, const std::monostate&);
Decision decide(const KeepInterests&, const Actor& actor, const std::monostate&);
Decision decide(const Wrangle&, const Actor& actor, const std::monostate&);

void add_policies(access::PolicyBook& book);

}  // namespace braid::topics
