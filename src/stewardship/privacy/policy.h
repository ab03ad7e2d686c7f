// Who may have what is held of whom, and who may end an account.
#pragma once

#include <variant>

#include "access/policy.h"

namespace braid::privacy {

using access::Actor;
using access::Decision;
using access::Needs;
using access::PersonId;
using access::Scope;

// `guards`: the actor is a guardian of `person`, who is below the age of consent.
struct DataFacts {
    PersonId person;
    bool guards = false;
};
// `proved`: she has just shown her password or her second factor.
struct EndFacts {
    PersonId person;
    bool guards = false;
    bool proved = false;
};

// What is kept for how long: public.
struct SeeRetention {
    static constexpr std::string_view kName = "privacy.see_retention";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::read;
    using Facts = std::monostate;
};
Decision decide(const SeeRetention&, const Actor& actor, const std::monostate& facts);

// The page of one's data, asking for the file, fetching it, taking an erasure back.
struct TakeData {
    static constexpr std::string_view kName = "privacy.take_data";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr auto kWhileQuiet = access::WhileQuiet::allowed;
    using Facts = DataFacts;
};
Decision decide(const TakeData&, const Actor& actor, const DataFacts& facts);

struct EndAccount {
    static constexpr std::string_view kName = "privacy.end_account";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr auto kWhileQuiet = access::WhileQuiet::allowed;
    using Facts = EndFacts;
};
Decision decide(const EndAccount&, const Actor& actor, const EndFacts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::privacy
