// What can be done with accounts, and who may.
#pragma once

#include <variant>

#include "access/policy.h"
#include "identity/accounts/roles.h"

namespace braid::accounts {

using access::Actor;
using access::Decision;
using access::Needs;
using access::PersonId;
using access::Scope;

// Joining by oneself: from the site's age of consent on. Below it nothing is kept (see WaitForConsent).
struct SignUpFacts {
    bool old_enough = false;
};
struct SignUp {
    static constexpr std::string_view kName = "accounts.sign_up";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::account;
    using Facts = SignUpFacts;
};
Decision decide(const SignUp&, const Actor& actor, const SignUpFacts& facts);

// Below the age of consent: choosing a handle and a password, and asking a guardian.
struct WaitForConsent {
    static constexpr std::string_view kName = "accounts.wait_for_consent";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::account;
    using Facts = SignUpFacts;
};
Decision decide(const WaitForConsent&, const Actor& actor, const SignUpFacts& facts);

// Making a person of somebody who waited: when a consent was recorded in the same transaction.
struct AdmissionFacts {
    bool consented = false;
};
struct AdmitPerson {
    static constexpr std::string_view kName = "accounts.admit_person";
    static constexpr Needs kNeeds = Needs::nobody;  // a guardian without an account holds a link
    static constexpr Scope kScope = Scope::account;
    using Facts = AdmissionFacts;
};
Decision decide(const AdmitPerson&, const Actor& actor, const AdmissionFacts& facts);

// Changing the account of a minor on a guardian's decision. Who may decide is for identity/guardians to say;
// here it is asked whether the decision is one.
struct GuardFacts {
    bool decided = false;
};
struct GuardPerson {
    static constexpr std::string_view kName = "accounts.guard_person";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::account;
    using Facts = GuardFacts;
};
Decision decide(const GuardPerson&, const Actor& actor, const GuardFacts& facts);

// Making an account for somebody, at the console or by an administrator.
struct CreatePerson {
    static constexpr std::string_view kName = "accounts.create_person";
    static constexpr Needs kNeeds = Needs::staff;
    static constexpr Scope kScope = Scope::account;
    using Facts = std::monostate;
};
Decision decide(const CreatePerson&, const Actor& actor, std::monostate);

// Setting somebody else's password, and clearing her second step: administrators.
struct Administer {
    static constexpr std::string_view kName = "accounts.administer";
    static constexpr Needs kNeeds = Needs::staff;
    static constexpr Scope kScope = Scope::account;
    using Facts = std::monostate;
};
Decision decide(const Administer&, const Actor& actor, std::monostate);

// Giving a role: what may be given by whom is may_grant's (roles.h), applied to the grants that who gives
// holds; whom it may be given to is access::least_band's.
struct GrantRole {
    static constexpr std::string_view kName = "accounts.grant_role";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    struct Facts {
        PersonId person;
        Grantable grantable = Grantable::no;
        access::Role role = access::Role::administrator;
        access::AgeBand band = access::AgeBand::child;  // of the person
    };
};
Decision decide(const GrantRole&, const Actor& actor, const GrantRole::Facts& facts);
// Whether somebody of that band may hold it at all, with the reason in words.
Decision old_enough(access::Role role, access::AgeBand band);

// Taking it: whoever may give it, and everybody her own.
struct RevokeRole {
    static constexpr std::string_view kName = "accounts.revoke_role";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    struct Facts {
        PersonId person;
        Grantable grantable = Grantable::no;
        bool last_administrator = false;  // nobody would be left to give roles, but at the console
    };
};
Decision decide(const RevokeRole&, const Actor& actor, const RevokeRole::Facts& facts);

// Finding people and what they are trusted with: administrators.
struct SeePeople {
    static constexpr std::string_view kName = "accounts.see_people";
    static constexpr Needs kNeeds = Needs::staff;
    static constexpr Scope kScope = Scope::account;
    using Facts = std::monostate;
};
Decision decide(const SeePeople&, const Actor& actor, std::monostate);

// Suspending, asking to pause, hiding a profile: moderators, not about themselves; about staff,
// administrators.
struct StandingFacts {
    PersonId person;
    bool staff = false;  // the person about whom it is
};
struct ModeratePerson {
    static constexpr std::string_view kName = "accounts.moderate_person";
    static constexpr Needs kNeeds = Needs::staff;
    static constexpr Scope kScope = Scope::write;
    using Facts = StandingFacts;
};
Decision decide(const ModeratePerson&, const Actor& actor, const StandingFacts& facts);

// A person's public face. Unlisted: for signed-in people only, and "not found" for visitors.
// Of an account that is paused: for nobody.
struct ProfileFacts {
    PersonId person;
    bool listed = false;
    bool paused = false;
};
struct SeeProfile {
    static constexpr std::string_view kName = "accounts.see_profile";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::read;
    using Facts = ProfileFacts;
};
Decision decide(const SeeProfile&, const Actor& actor, const ProfileFacts& facts);

// One's own.
struct OwnerFacts {
    PersonId owner;
};
struct SeeSettings {
    static constexpr std::string_view kName = "accounts.see_settings";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::read;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = OwnerFacts;
};
Decision decide(const SeeSettings&, const Actor& actor, const OwnerFacts& facts);

struct EditProfile {
    static constexpr std::string_view kName = "accounts.edit_profile";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::write;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = OwnerFacts;
};
Decision decide(const EditProfile&, const Actor& actor, const OwnerFacts& facts);

// Being found by visitors: a minor's guardians may keep it from her. Going back to the narrower is free.
struct ListingFacts {
    PersonId owner;
    bool wanted = false;
};
struct ChooseListing {
    static constexpr std::string_view kName = "accounts.choose_listing";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::write;
    using Facts = ListingFacts;
};
Decision decide(const ChooseListing&, const Actor& actor, const ListingFacts& facts);

struct ChangeEmail {
    static constexpr std::string_view kName = "accounts.change_email";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = OwnerFacts;
};
Decision decide(const ChangeEmail&, const Actor& actor, const OwnerFacts& facts);

// With the current password in hand.
struct ChangePassword {
    static constexpr std::string_view kName = "accounts.change_password";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = OwnerFacts;
};
Decision decide(const ChangePassword&, const Actor& actor, const OwnerFacts& facts);

// Asking for a link by mail, and following it: the link is the proof.
struct ResetPassword {
    static constexpr std::string_view kName = "accounts.reset_password";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
Decision decide(const ResetPassword&, const Actor& actor, std::monostate);

// Following the link of a mail: whoever holds it.
struct ConfirmEmail {
    static constexpr std::string_view kName = "accounts.confirm_email";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::account;
    static constexpr access::Reach kReach = access::Reach::before_factor;
    using Facts = std::monostate;
};
Decision decide(const ConfirmEmail&, const Actor& actor, std::monostate);

// Whoever has shell access to the machine may administer: the actor of the command line and of the demo
// loader.
Actor operator_actor();

void add_policies(access::PolicyBook& book);

}  // namespace braid::accounts
