// Coming in, staying in, going out: what can be done, and who may.
#pragma once

#include "access/policy.h"

namespace braid::sessions {

using access::Actor;
using access::Decision;
using access::Needs;
using access::PersonId;
using access::Scope;

struct OwnerFacts {
    PersonId owner;
};

struct SignIn {
    static constexpr std::string_view kName = "sessions.sign_in";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
Decision decide(const SignIn&, const Actor& actor, std::monostate);

// Showing a second factor after the password, or a passkey alone: what is shown is the proof.
struct FinishSignIn {
    static constexpr std::string_view kName = "sessions.finish_sign_in";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
Decision decide(const FinishSignIn&, const Actor& actor, std::monostate);

struct SignOut {
    static constexpr std::string_view kName = "sessions.sign_out";
    static constexpr Needs kNeeds = Needs::nobody;  // who is out already is out
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
Decision decide(const SignOut&, const Actor& actor, std::monostate);

// Seeing and ending the sessions of an account.
struct ManageSessions {
    static constexpr std::string_view kName = "sessions.manage_sessions";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = OwnerFacts;
};
Decision decide(const ManageSessions&, const Actor& actor, const OwnerFacts& facts);

// Seeing and revoking tokens.
struct ManageTokens {
    static constexpr std::string_view kName = "sessions.manage_tokens";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    using Facts = OwnerFacts;
};
Decision decide(const ManageTokens&, const Actor& actor, const OwnerFacts& facts);

// A token may make another, never one that may do more than itself.
struct CreateTokenFacts {
    PersonId owner;
    std::uint8_t scopes = 0;
};
struct CreateToken {
    static constexpr std::string_view kName = "sessions.create_token";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    using Facts = CreateTokenFacts;
};
Decision decide(const CreateToken&, const Actor& actor, const CreateTokenFacts& facts);

void add_policies(access::PolicyBook& book);

}  // namespace braid::sessions
