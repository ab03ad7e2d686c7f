#include "stewardship/moderation/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::moderation {

namespace {

bool about_actor(const Actor& actor, PersonId subject) {
    return subject && actor.is(subject);
}

bool one_of_them(const Actor& actor, PersonId person) {
    return person && actor.is(person);
}

}  // namespace

Decision decide(const Report&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const SeeHelp&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const SeeNotices&, const Actor& actor, const std::monostate&) {
    return actor.signed_in() ? Decision::allow() : Decision::sign_in();
}

namespace {

Decision appealable(const AppealFacts& facts) {
    if (facts.measure == Measure::dismiss || facts.state == DecisionState::proposed ||
        facts.state == DecisionState::refused)
        return Decision::hide("nothing was decided against her");
    if (facts.appealed)
        return Decision::no(conflict(_msg("moderation.appealed_already"), "appealed already"));
    if (facts.state != DecisionState::in_force && facts.state != DecisionState::done)
        return Decision::no(conflict(_msg("moderation.over_already"), "no longer in force"));
    return Decision::allow();
}

}  // namespace

Decision decide(const Appeal&, const Actor& actor, const AppealFacts& facts) {
    if (!about_actor(actor, facts.subject)) return Decision::hide("about somebody else");
    return appealable(facts);
}
Decision decide(const AppealByLink&, const Actor&, const AppealFacts& facts) {
    return appealable(facts);
}

Decision decide(const SeeQueue&, const Actor& actor, const std::monostate&) {
    return actor.staff() ? Decision::allow() : Decision::hide("staff only");
}

Decision decide(const OpenCase&, const Actor& actor, const CaseFacts& facts) {
    if (!actor.staff()) return Decision::hide("staff only");
    if (about_actor(actor, facts.subject)) return Decision::hide("about herself");
    return Decision::allow();
}

Decision decide(const HandleCase&, const Actor& actor, const CaseFacts& facts) {
    if (!actor.staff()) return Decision::hide("staff only");
    if (about_actor(actor, facts.subject)) return Decision::hide("about herself");
    if (facts.reported_by_actor)
        return Decision::refuse(_msg("moderation.you_reported"), "reported it herself");
    return Decision::allow();
}

Decision decide(const Decide&, const Actor& actor, const DecideFacts& facts) {
    if (const Decision handle = decide(HandleCase{}, actor, facts.about); !handle.allowed()) return handle;
    if (facts.about.state == CaseState::closed)
        return Decision::no(conflict(_msg("moderation.closed_already")));
    if (facts.about.state == CaseState::proposed)
        return Decision::no(conflict(_msg("moderation.proposed_already")));
    if (facts.about.claimed_by && !actor.is(facts.about.claimed_by))
        return Decision::no(conflict(_msg("moderation.claimed_by_other")));
    return Decision::allow();
}

Decision decide(const ConfirmDecision&, const Actor& actor, const SecondFacts& facts) {
    if (!actor.staff()) return Decision::hide("staff only");
    if (about_actor(actor, facts.subject)) return Decision::hide("about herself");
    if (one_of_them(actor, facts.made_by))
        return Decision::refuse(_msg("moderation.second_person"), "proposed it herself");
    if (facts.state != DecisionState::proposed)
        return Decision::no(conflict(_msg("moderation.not_proposed")));
    return Decision::allow();
}

Decision decide(const LiftDecision&, const Actor& actor, const SecondFacts& facts) {
    if (!actor.staff()) return Decision::hide("staff only");
    if (about_actor(actor, facts.subject)) return Decision::hide("about herself");
    if (facts.state != DecisionState::in_force)
        return Decision::no(conflict(_msg("moderation.not_in_force")));
    return Decision::allow();
}

Decision decide(const DecideAppeal&, const Actor& actor, const SecondFacts& facts) {
    if (!actor.staff()) return Decision::hide("staff only");
    if (about_actor(actor, facts.subject)) return Decision::hide("about herself");
    if (one_of_them(actor, facts.made_by) || one_of_them(actor, facts.confirmed_by))
        return Decision::refuse(_msg("moderation.appeal_to_another"), "decided it herself");
    return Decision::allow();
}

namespace {

constexpr PersonId kSomebody{990'000'001}, kModerator{990'000'002}, kOther{990'000'003};

PersonId self(const Actor& actor) {
    return actor.person.value_or(kSomebody);
}

}  // namespace

void add_policies(access::PolicyBook& book) {
    const auto nothing = [](const Actor&) { return std::monostate{}; };
    book.add<Report>({{"anything she sees", nothing}});
    book.add<SeeHelp>({{"help right now", nothing}});
    book.add<SeeNotices>({{"her own", nothing}});
    const auto appeal = [](bool hers, DecisionState state, bool appealed) {
        return [=](const Actor& actor) {
            return AppealFacts{hers ? self(actor) : kSomebody, Measure::hide, state, appealed};
        };
    };
    book.add<Appeal>({{"against what was decided about her", appeal(true, DecisionState::in_force, false)},
                      {"a second time", appeal(true, DecisionState::in_force, true)},
                      {"against what is over", appeal(true, DecisionState::ended, false)},
                      {"against what is only proposed", appeal(true, DecisionState::proposed, false)},
                      {"for somebody else", appeal(false, DecisionState::in_force, false)}});
    book.add<AppealByLink>({{"with the link", appeal(false, DecisionState::in_force, false)},
                            {"a second time", appeal(false, DecisionState::in_force, true)}});
    book.add<SeeQueue>({{"the queue", nothing}});

    const auto about = [](bool herself, bool reported, PersonId claimed, CaseState state) {
        return [=](const Actor& actor) {
            return CaseFacts{herself ? self(actor) : kSomebody, reported, claimed, state};
        };
    };
    const std::vector<std::pair<std::string, std::function<CaseFacts(const Actor&)>>> cases{
        {"about somebody", about(false, false, {}, CaseState::open)},
        {"about herself", about(true, false, {}, CaseState::open)},
        {"that she reported", about(false, true, {}, CaseState::open)}};
    book.add<OpenCase>(cases);
    book.add<HandleCase>(cases);
    const auto deciding = [about](bool herself, bool reported, PersonId claimed, CaseState state) {
        return [facts = about(herself, reported, claimed, state)](const Actor& actor) {
            return DecideFacts{facts(actor), Measure::hide};
        };
    };
    book.add<Decide>({{"about somebody", deciding(false, false, {}, CaseState::open)},
                      {"about herself", deciding(true, false, {}, CaseState::open)},
                      {"on what she reported", deciding(false, true, {}, CaseState::open)},
                      {"claimed by another", deciding(false, false, kOther, CaseState::open)},
                      {"waiting for a second person", deciding(false, false, {}, CaseState::proposed)},
                      {"closed", deciding(false, false, {}, CaseState::closed)}});
    const auto second = [](bool about_her, bool made_by_her, DecisionState state) {
        return [=](const Actor& actor) {
            return SecondFacts{
                about_her ? self(actor) : kSomebody, made_by_her ? self(actor) : kModerator, {}, state};
        };
    };
    book.add<ConfirmDecision>({{"proposed by another", second(false, false, DecisionState::proposed)},
                               {"proposed by herself", second(false, true, DecisionState::proposed)},
                               {"about herself", second(true, false, DecisionState::proposed)},
                               {"in force already", second(false, false, DecisionState::in_force)}});
    book.add<LiftDecision>({{"in force", second(false, false, DecisionState::in_force)},
                            {"about herself", second(true, false, DecisionState::in_force)},
                            {"over already", second(false, false, DecisionState::ended)}});
    book.add<DecideAppeal>(
        {{"against another's decision", second(false, false, DecisionState::in_force)},
         {"against her own decision", second(false, true, DecisionState::in_force)},
         {"about herself", second(true, false, DecisionState::in_force)},
         {"against a decision she confirmed", [](const Actor& actor) {
              return SecondFacts{kSomebody, kModerator, self(actor), DecisionState::in_force};
          }}});
}

}  // namespace braid::moderation
