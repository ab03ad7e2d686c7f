#include "identity/guardians/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::guardians {

namespace {

using access::Role;

Decision by_guardian(const Actor& actor, const TieFacts& facts) {
    if (!facts.guardian || actor.minor()) return Decision::hide("no guardian of hers");
    return facts.stage == Stage::none ? Decision::hide("of age") : Decision::allow();
}

bool records(const Actor& actor, Method method) {
    const bool office = actor.staff() || actor.has(Role::coordinator);
    return method == Method::school ? office || actor.has(Role::educator)
                                    : method == Method::signed_form && office;
}

}  // namespace

Decision decide(const AskGuardian&, const Actor& actor, const AskFacts& facts) {
    if (actor.signed_in()) return Decision::hide("signed in already");
    return facts.answered_below ? Decision::allow()
                                : Decision::hide("did not answer below the age of consent");
}

Decision decide(const SeeWaiting&, const Actor&, const HolderFacts& facts) {
    return facts.holds ? Decision::allow() : Decision::hide("no request of hers");
}

Decision decide(const AnswerByLink&, const Actor& actor, const LinkFacts& facts) {
    if (!facts.holds) return Decision::hide("not the link of a request");
    if (actor.signed_in() && actor.minor())
        return Decision::refuse(_msg("guardians.adults_only"), "a minor follows the link");
    if (facts.others) return Decision::refuse(_msg("guardians.use_account"), "the tie belongs to an account");
    return Decision::allow();
}

Decision decide(const SeeChildren&, const Actor& actor, const std::monostate&) {
    return actor.minor() ? Decision::hide("adults only") : Decision::allow();
}

Decision decide(const SeeChild&, const Actor& actor, const TieFacts& facts) {
    return by_guardian(actor, facts);
}

Decision decide(const DecideForChild&, const Actor& actor, const TieFacts& facts) {
    const Decision guardian = by_guardian(actor, facts);
    if (!guardian.allowed()) return guardian;
    if (facts.stage == Stage::company)
        return Decision::refuse(_msg("guardians.she_decides"), "past the age of consent");
    return Decision::allow();
}

Decision decide(const DecideMentors&, const Actor& actor, const TieFacts& facts) {
    return by_guardian(actor, facts);
}

Decision decide(const InviteGuardian&, const Actor& actor, const TieFacts& facts) {
    if (actor.is(facts.child)) {
        if (!actor.minor()) return Decision::hide("of age");
        if (facts.stage == Stage::company) return Decision::allow();
        return Decision::refuse(_msg("guardians.ask_your_guardian"), "below the age of consent");
    }
    return decide(DecideForChild{}, actor, facts);
}

Decision decide(const AcceptInvitation&, const Actor& actor, const InvitationFacts& facts) {
    if (!facts.holds) return Decision::hide("no such invitation");
    if (actor.minor() || actor.is(facts.child))
        return Decision::refuse(_msg("guardians.adults_only"), "a minor follows the link");
    return Decision::allow();
}

Decision decide(const EndTie&, const Actor& actor, const TieFacts& facts) {
    if (!actor.is(facts.child)) return by_guardian(actor, facts);
    if (facts.stage != Stage::consent) return Decision::allow();
    return Decision::refuse(_msg("guardians.ask_your_guardian"), "below the age of consent");
}

Decision decide(const SeeGuardians&, const Actor& actor, const OwnFacts& facts) {
    return actor.is(facts.owner) ? Decision::allow() : Decision::hide("somebody else's");
}

Decision decide(const SeeDesk&, const Actor& actor, const std::monostate&) {
    return !actor.minor() && records(actor, Method::school) ? Decision::allow()
                                                            : Decision::hide("records no consent");
}

Decision decide(const RecordConsent&, const Actor& actor, const RecordFacts& facts) {
    return !actor.minor() && records(actor, facts.method) ? Decision::allow()
                                                          : Decision::hide("records no such consent");
}

Decision decide(const SeeForm&, const Actor& actor, const std::monostate&) {
    return actor.minor() ? Decision::hide("adults only") : Decision::allow();
}

Decision decide(const AdmitPupil&, const Actor& actor, const std::monostate&) {
    return !actor.minor() && actor.has(Role::administrator) ? Decision::allow()
                                                            : Decision::hide("administrators only");
}

Decision decide(const CorrectBirth&, const Actor& actor, const OwnFacts& facts) {
    if (actor.minor() || !actor.has(Role::administrator)) return Decision::hide("administrators only");
    return actor.is(facts.owner) ? Decision::refuse(_msg("guardians.birth_own"), "her own")
                                 : Decision::allow();
}

void add_policies(access::PolicyBook& book) {
    constexpr PersonId kChild{990'000'001};
    const auto nothing = [](const Actor&) { return std::monostate{}; };
    const auto holder = [](bool holds) { return [=](const Actor&) { return HolderFacts{holds}; }; };
    const auto link = [](bool holds, bool others) {
        return [=](const Actor&) { return LinkFacts{holds, others}; };
    };
    const auto tie = [=](bool guardian, Stage stage) {
        return [=](const Actor&) { return TieFacts{kChild, guardian, stage}; };
    };
    const auto own = [=](Stage stage) {
        return [=](const Actor& actor) { return TieFacts{actor.person.value_or(kChild), false, stage}; };
    };
    const std::vector<std::pair<std::string, std::function<TieFacts(const Actor&)>>> ties{
        {"of a child below the age of consent, her guardian", tie(true, Stage::consent)},
        {"of a minor past it, her guardian", tie(true, Stage::company)},
        {"of somebody of age, her guardian once", tie(true, Stage::none)},
        {"of somebody else's child", tie(false, Stage::consent)},
    };
    book.add<AskGuardian>(
        {{"after an answer below the age of consent", [](const Actor&) { return AskFacts{true}; }},
         {"without one", [](const Actor&) { return AskFacts{false}; }}});
    book.add<SeeWaiting>({{"holds the cookie", holder(true)}, {"holds none", holder(false)}});
    book.add<AnswerByLink>({{"holds the link", link(true, false)},
                            {"holds the link, the tie belongs to an account", link(true, true)},
                            {"holds none", link(false, false)}});
    book.add<SeeChildren>({{"her own", nothing}});
    book.add<SeeChild>(ties);
    book.add<DecideForChild>(ties);
    book.add<DecideMentors>(ties);
    auto inviting = ties;
    inviting.emplace_back("for herself, below the age of consent", own(Stage::consent));
    inviting.emplace_back("for herself, past it", own(Stage::company));
    book.add<InviteGuardian>(inviting);
    book.add<EndTie>(inviting);
    book.add<AcceptInvitation>({{"holds the link",
                                 [=](const Actor&) {
                                     return InvitationFacts{true, kChild};
                                 }},
                                {"holds none", [=](const Actor&) {
                                     return InvitationFacts{false, kChild};
                                 }}});
    book.add<SeeGuardians>(
        {{"her own", [](const Actor& actor) { return OwnFacts{actor.person.value_or(PersonId{1})}; }},
         {"somebody else's", [](const Actor&) { return OwnFacts{PersonId{99}}; }}});
    book.add<SeeDesk>({{"any", nothing}});
    book.add<RecordConsent>(
        {{"a signed form", [](const Actor&) { return RecordFacts{Method::signed_form}; }},
         {"a school's, for education", [](const Actor&) { return RecordFacts{Method::school}; }},
         {"a way that is not recorded by hand", [](const Actor&) { return RecordFacts{Method::account}; }}});
    book.add<AdmitPupil>({{"any", nothing}});
    book.add<CorrectBirth>(
        {{"her own", [](const Actor& actor) { return OwnFacts{actor.person.value_or(PersonId{1})}; }},
         {"anybody else's, by staff", [](const Actor&) { return OwnFacts{PersonId{99}}; }}});
    book.add<SeeForm>({{"any", nothing}});
}

}  // namespace braid::guardians
