// Who may ask for guidance, and who may be suggested to whom.
#pragma once

#include <variant>

#include "access/policy.h"

namespace braid::guidance {

using access::Actor;
using access::Decision;

struct SeeGuidance {  // one's own
    static constexpr std::string_view kName = "guidance.see";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = std::monostate;
};
// What to read after a chapter; whether she may see the chapter is asked of works.
struct SeeNext {
    static constexpr std::string_view kName = "guidance.see_next";
    static constexpr access::Needs kNeeds = access::Needs::nobody;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = std::monostate;
};
struct Decline {  // "not for me", and taking it back
    static constexpr std::string_view kName = "guidance.decline";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::write;
    static constexpr auto kWhileQuiet = access::WhileQuiet::allowed;
    using Facts = std::monostate;
};

// The one rule for suggesting a person to a person: never an adult to somebody under 18, never the reverse.
struct SuggestedFacts {
    access::PersonId person;
    access::AgeBand band = access::AgeBand::child;
};
struct SuggestPerson {
    static constexpr std::string_view kName = "guidance.suggest_person";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = SuggestedFacts;
};

Decision decide(const SeeGuidance&, const Actor& actor, const std::monostate&);
Decision decide(const SeeNext&, const Actor& actor, const std::monostate&);
Decision decide(const Decline&, const Actor& actor, const std::monostate&);
Decision decide(const SuggestPerson&, const Actor& actor, const SuggestedFacts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::guidance
