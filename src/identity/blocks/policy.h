// Who may keep away from whom: everybody, from everybody else. Also while she was asked to pause: it is for
// her own peace.
#pragma once

#include "access/policy.h"

namespace braid::blocks {

using access::Actor;
using access::Decision;
using access::PersonId;

struct OtherFacts {
    PersonId other;
};

struct KeepApart {  // block, mute, and take either back
    static constexpr std::string_view kName = "blocks.keep_apart";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::account;
    static constexpr auto kWhileQuiet = access::WhileQuiet::allowed;
    using Facts = OtherFacts;
};
struct ListBlocks {  // her own
    static constexpr std::string_view kName = "blocks.list";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::account;
    using Facts = std::monostate;
};

Decision decide(const KeepApart&, const Actor& actor, const OtherFacts& facts);
Decision decide(const ListBlocks&, const Actor& actor, const std::monostate&);

void add_policies(access::PolicyBook& book);

}  // namespace braid::blocks
