// Who may report, who may look and decide, and who may not because it is her own affair.
#pragma once

#include <variant>

#include "access/policy.h"
#include "stewardship/moderation/model.h"

namespace braid::moderation {

using access::Actor;
using access::Decision;
using access::Needs;
using access::Scope;

// A case, as the policies look at it.
struct CaseFacts {
    PersonId subject;  // whose thing it is about
    bool reported_by_actor = false;
    PersonId claimed_by;  // nobody: {}
    CaseState state = CaseState::open;
};
struct DecideFacts {
    CaseFacts about;
    Measure measure = Measure::dismiss;
};
// A decision that somebody else is asked to look at.
struct SecondFacts {
    PersonId subject, made_by, confirmed_by;
    DecisionState state = DecisionState::proposed;
};
struct AppealFacts {
    PersonId subject;
    Measure measure = Measure::warn;
    DecisionState state = DecisionState::in_force;
    bool appealed = false;
};

#define BRAID_MODERATION_ACTION(Type, name, needs, scope, facts, quiet) \
    struct Type {                                                       \
        static constexpr std::string_view kName = "moderation." name;   \
        static constexpr Needs kNeeds = Needs::needs;                   \
        static constexpr Scope kScope = Scope::scope;                   \
        static constexpr auto kWhileQuiet = access::WhileQuiet::quiet;  \
        using Facts = facts;                                            \
    };                                                                  \
    Decision decide(const Type&, const Actor&, const facts&)

// Anybody, also who is not signed in, a child, or was asked to pause: asking for help is never closed.
BRAID_MODERATION_ACTION(Report, "report", nobody, write, std::monostate, allowed);
BRAID_MODERATION_ACTION(SeeHelp, "see_help", nobody, read, std::monostate, allowed);
// What one was told.
BRAID_MODERATION_ACTION(SeeNotices, "see_notices", signed_in, read, std::monostate, allowed);
BRAID_MODERATION_ACTION(Appeal, "appeal", signed_in, write, AppealFacts, allowed);
// With the link of the mail or of the page that says why one cannot sign in: whoever holds it.
BRAID_MODERATION_ACTION(AppealByLink, "appeal_by_link", nobody, write, AppealFacts, allowed);

BRAID_MODERATION_ACTION(SeeQueue, "see_queue", staff, read, std::monostate, refused);
// A case about herself is not there for a moderator; one that she reported she leaves to others.
BRAID_MODERATION_ACTION(OpenCase, "open_case", staff, read, CaseFacts, refused);
BRAID_MODERATION_ACTION(HandleCase, "handle_case", staff, write, CaseFacts, refused);
BRAID_MODERATION_ACTION(Decide, "decide", staff, write, DecideFacts, refused);
// The second of two people: not the one who proposed, nor the one it is about.
BRAID_MODERATION_ACTION(ConfirmDecision, "confirm_decision", staff, write, SecondFacts, refused);
// Taking a decision back before its end, or a proposal of one's own.
BRAID_MODERATION_ACTION(LiftDecision, "lift_decision", staff, write, SecondFacts, refused);
// Somebody other than who decided.
BRAID_MODERATION_ACTION(DecideAppeal, "decide_appeal", staff, write, SecondFacts, refused);
#undef BRAID_MODERATION_ACTION

void add_policies(access::PolicyBook& book);

}  // namespace braid::moderation
