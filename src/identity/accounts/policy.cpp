#include "identity/accounts/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::accounts {

namespace {

// Somebody else's settings are not for anybody: they do not exist.
Decision own(const Actor& actor, const OwnerFacts& facts) {
    return actor.is(facts.owner) ? Decision::allow() : Decision::hide("somebody else's");
}

}  // namespace

Decision old_enough(access::Role role, access::AgeBand band) {
    const access::AgeBand least = access::least_band(role);
    if (band >= least) return Decision::allow();
    return least == access::AgeBand::adult
               ? Decision::refuse(_msg("accounts.role_for_adults"), "for adults")
               : Decision::refuse(_msg("accounts.role_not_for_children"), "not for children");
}

Decision decide(const SignUp&, const Actor& actor, const SignUpFacts& facts) {
    if (actor.signed_in()) return Decision::refuse(_msg("accounts.signed_in_already"), "signed in already");
    return facts.old_enough ? Decision::allow()
                            : Decision::refuse(_msg("accounts.too_young"), "below the age of consent");
}

Decision decide(const WaitForConsent&, const Actor& actor, const SignUpFacts& facts) {
    if (actor.signed_in()) return Decision::refuse(_msg("accounts.signed_in_already"), "signed in already");
    return facts.old_enough ? Decision::hide("old enough to join by herself") : Decision::allow();
}

Decision decide(const AdmitPerson&, const Actor&, const AdmissionFacts& facts) {
    return facts.consented ? Decision::allow() : Decision::hide("no consent");
}

Decision decide(const GuardPerson&, const Actor&, const GuardFacts& facts) {
    return facts.decided ? Decision::allow() : Decision::hide("nobody decided");
}

Decision decide(const ChooseListing&, const Actor& actor, const ListingFacts& facts) {
    if (!actor.is(facts.owner)) return Decision::hide("somebody else's");
    if (!facts.wanted || actor.may(access::Choice::be_listed)) return Decision::allow();
    return Decision::refuse(_msg("accounts.guardian_keeps_listing"), "kept by a guardian");
}

Decision decide(const CreatePerson&, const Actor& actor, std::monostate) {
    return actor.has(access::Role::administrator) ? Decision::allow() : Decision::hide("administrators only");
}

Decision decide(const Administer&, const Actor& actor, std::monostate) {
    return actor.has(access::Role::administrator) ? Decision::allow() : Decision::hide("administrators only");
}

Decision decide(const GrantRole&, const Actor& actor, const GrantRole::Facts& facts) {
    switch (facts.grantable) {
        case Grantable::yes:
            break;
        case Grantable::not_there:
            return Decision::refuse(_msg("accounts.role_not_there"), "held on the site alone");
        case Grantable::not_so_long:
            return Decision::refuse(_msg("accounts.role_too_long"), "longer than one's own");
        case Grantable::no:
            return Decision::hide("not hers to give");
    }
    if (actor.is(facts.person)) return Decision::refuse(_msg("accounts.role_to_oneself"), "to oneself");
    return old_enough(facts.role, facts.band);
}

Decision decide(const RevokeRole&, const Actor& actor, const RevokeRole::Facts& facts) {
    if (facts.grantable == Grantable::no && !actor.is(facts.person))
        return Decision::hide("not hers to take");
    if (facts.last_administrator)
        return Decision::refuse(_msg("accounts.role_last_administrator"), "the last administrator");
    return Decision::allow();
}

Decision decide(const SeePeople&, const Actor& actor, std::monostate) {
    return actor.has(access::Role::administrator) ? Decision::allow() : Decision::hide("administrators only");
}

Decision decide(const SeeProfile&, const Actor& actor, const ProfileFacts& facts) {
    if (facts.paused && !actor.is(facts.person)) return Decision::hide("the account is paused");
    return facts.listed || actor.signed_in() ? Decision::allow() : Decision::hide("not shown to visitors");
}

Decision decide(const SeeSettings&, const Actor& actor, const OwnerFacts& facts) {
    return own(actor, facts);
}
Decision decide(const EditProfile&, const Actor& actor, const OwnerFacts& facts) {
    return own(actor, facts);
}
Decision decide(const ChangeEmail&, const Actor& actor, const OwnerFacts& facts) {
    return own(actor, facts);
}
Decision decide(const ChangePassword&, const Actor& actor, const OwnerFacts& facts) {
    return own(actor, facts);
}
Decision decide(const ResetPassword&, const Actor&, std::monostate) {
    return Decision::allow();
}
Decision decide(const ConfirmEmail&, const Actor&, std::monostate) {
    return Decision::allow();
}

Decision decide(const ModeratePerson&, const Actor& actor, const StandingFacts& facts) {
    if (!actor.staff()) return Decision::hide("staff only");
    if (actor.is(facts.person)) return Decision::refuse(_msg("accounts.not_oneself"), "about herself");
    if (facts.staff && !actor.has(access::Role::administrator))
        return Decision::refuse(_msg("accounts.staff_by_administrators"), "about staff");
    return Decision::allow();
}

Actor operator_actor() {
    Actor actor;
    actor.person = PersonId{0};
    actor.band = access::AgeBand::adult;
    actor.roles = 1U << static_cast<unsigned>(access::Role::administrator);
    return actor;
}

void add_policies(access::PolicyBook& book) {
    book.add<ModeratePerson>({{"a member",
                               [](const Actor&) {
                                   return StandingFacts{PersonId{99}, false};
                               }},
                              {"somebody of staff",
                               [](const Actor&) {
                                   return StandingFacts{PersonId{99}, true};
                               }},
                              {"herself", [](const Actor& actor) {
                                   return StandingFacts{actor.person.value_or(PersonId{1}), actor.staff()};
                               }}});
    const auto any = [](const Actor&) { return std::monostate{}; };
    const auto hers = [](const Actor& actor) { return OwnerFacts{actor.person.value_or(PersonId{1})}; };
    const auto others = [](const Actor&) { return OwnerFacts{PersonId{99}}; };
    book.add<SignUp>({{"old enough", [](const Actor&) { return SignUpFacts{true}; }},
                      {"below the age of consent", [](const Actor&) { return SignUpFacts{false}; }}});
    book.add<WaitForConsent>({{"below the age of consent", [](const Actor&) { return SignUpFacts{false}; }},
                              {"old enough", [](const Actor&) { return SignUpFacts{true}; }}});
    book.add<AdmitPerson>({{"with a recorded consent", [](const Actor&) { return AdmissionFacts{true}; }},
                           {"without one", [](const Actor&) { return AdmissionFacts{false}; }}});
    book.add<GuardPerson>({{"a guardian's decision", [](const Actor&) { return GuardFacts{true}; }},
                           {"nobody's decision", [](const Actor&) { return GuardFacts{false}; }}});
    book.add<CreatePerson>({{"any", any}});
    book.add<Administer>({{"any", any}});
    const auto giving = [](Grantable grantable) {
        return [grantable](const Actor&) {
            return GrantRole::Facts{PersonId{99}, grantable, access::Role::moderator, access::AgeBand::adult};
        };
    };
    const auto to = [](access::Role role, access::AgeBand band) {
        return [=](const Actor&) { return GrantRole::Facts{PersonId{99}, Grantable::yes, role, band}; };
    };
    book.add<GrantRole>(
        {{"hers to give", giving(Grantable::yes)},
         {"for longer than her own", giving(Grantable::not_so_long)},
         {"a role of the site, elsewhere", giving(Grantable::not_there)},
         {"not hers to give", giving(Grantable::no)},
         {"to herself",
          [](const Actor& actor) {
              return GrantRole::Facts{actor.person.value_or(PersonId{1}), Grantable::yes,
                                      access::Role::moderator, access::AgeBand::adult};
          }},
         {"learner, to a child", to(access::Role::learner, access::AgeBand::child)},
         {"mentor, to a child", to(access::Role::mentor, access::AgeBand::child)},
         {"mentor, to a teen", to(access::Role::mentor, access::AgeBand::teen)},
         {"educator, to a teen", to(access::Role::educator, access::AgeBand::teen)},
         {"coordinator, to a teen", to(access::Role::coordinator, access::AgeBand::teen)},
         {"guardian, to a teen", to(access::Role::guardian, access::AgeBand::teen)},
         {"moderator, to a teen", to(access::Role::moderator, access::AgeBand::teen)},
         {"administrator, to a teen", to(access::Role::administrator, access::AgeBand::teen)}});
    const auto taking = [](Grantable grantable, bool last) {
        return [=](const Actor&) { return RevokeRole::Facts{PersonId{99}, grantable, last}; };
    };
    book.add<RevokeRole>(
        {{"hers to give", taking(Grantable::yes, false)},
         {"not hers to give", taking(Grantable::no, false)},
         {"of the last administrator", taking(Grantable::yes, true)},
         {"her own", [](const Actor& actor) {
              return RevokeRole::Facts{actor.person.value_or(PersonId{1}), Grantable::no, false};
          }}});
    book.add<SeePeople>({{"any", any}});
    book.add<SeeProfile>({{"listed",
                           [](const Actor&) {
                               return ProfileFacts{PersonId{99}, true};
                           }},
                          {"not listed",
                           [](const Actor&) {
                               return ProfileFacts{PersonId{99}, false};
                           }},
                          {"of a paused account", [](const Actor&) {
                               return ProfileFacts{PersonId{99}, true, true};
                           }}});
    book.add<SeeSettings>({{"her own", hers}, {"somebody else's", others}});
    book.add<EditProfile>({{"her own", hers}, {"somebody else's", others}});
    const auto listing = [](bool wanted) {
        return [=](const Actor& actor) { return ListingFacts{actor.person.value_or(PersonId{1}), wanted}; };
    };
    book.add<ChooseListing>(
        {{"shown to everyone", listing(true)}, {"shown to signed-in people", listing(false)}});
    book.also<ChooseListing>(
        "shown to everyone, and her guardian said no",
        [](Actor& actor) { actor.denied = actor.denied.with(access::Choice::be_listed); }, listing(true));
    book.add<ChangeEmail>({{"her own", hers}, {"somebody else's", others}});
    book.add<ChangePassword>({{"her own", hers}, {"somebody else's", others}});
    book.add<ResetPassword>({{"any", any}});
    book.add<ConfirmEmail>({{"holds the link", any}});
}

}  // namespace braid::accounts
