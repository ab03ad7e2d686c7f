// Who may ask for consent, who may give it, and what it lets them do.
#pragma once

#include "access/policy.h"
#include "identity/guardians/model.h"

namespace braid::guardians {

using access::Decision;
using access::Needs;
using access::Scope;

// Somebody who answered below the age of consent in this browser, and nobody else.
struct AskFacts {
    bool answered_below = false;
};
// Whoever holds the cookie of a request, or the link of a mail.
struct HolderFacts {
    bool holds = false;
};
struct LinkFacts {
    bool holds = false;
    bool others = false;  // the tie belongs to somebody's account: the link alone is not enough
};
struct TieFacts {
    PersonId child;
    bool guardian = false;  // the actor's tie to her holds
    Stage stage = Stage::consent;
};
// An invitation to be somebody's guardian.
struct InvitationFacts {
    bool holds = false;
    PersonId child;
};
struct RecordFacts {
    Method method = Method::signed_form;
};
struct OwnFacts {
    PersonId owner;
};

#define BRAID_GUARDIANS_ACTION(Type, name, needs, scope, facts)      \
    struct Type {                                                    \
        static constexpr std::string_view kName = "guardians." name; \
        static constexpr Needs kNeeds = Needs::needs;                \
        static constexpr Scope kScope = Scope::scope;                \
        using Facts = facts;                                         \
    };                                                               \
    Decision decide(const Type&, const Actor&, const facts&)

// The child's side, before she has an account.
BRAID_GUARDIANS_ACTION(AskGuardian, "ask_guardian", nobody, account, AskFacts);
BRAID_GUARDIANS_ACTION(SeeWaiting, "see_waiting", nobody, account, HolderFacts);  // send again, withdraw too
// The guardian's side, by the link in a mail: read, consent, refuse, confirm, withdraw.
BRAID_GUARDIANS_ACTION(AnswerByLink, "answer_by_link", nobody, account, LinkFacts);
// The guardian's page.
BRAID_GUARDIANS_ACTION(SeeChildren, "see_children", signed_in, read, std::monostate);
BRAID_GUARDIANS_ACTION(SeeChild, "see_child", signed_in, read, TieFacts);
// Choices, corrections, withdrawing and returning.
BRAID_GUARDIANS_ACTION(DecideForChild, "decide_for_child", signed_in, account, TieFacts);
BRAID_GUARDIANS_ACTION(DecideMentors, "decide_mentors", signed_in, account, TieFacts);
// The first guardian invites a second; a minor who is old enough invites one herself.
BRAID_GUARDIANS_ACTION(InviteGuardian, "invite_guardian", signed_in, account, TieFacts);
BRAID_GUARDIANS_ACTION(AcceptInvitation, "accept_invitation", signed_in, account, InvitationFacts);
BRAID_GUARDIANS_ACTION(EndTie, "end_tie", signed_in, account, TieFacts);
// One's own guardians, what they decided and when.
BRAID_GUARDIANS_ACTION(SeeGuardians, "see_guardians", signed_in, read, OwnFacts);
// A consent on paper, or a school's.
BRAID_GUARDIANS_ACTION(SeeDesk, "see_desk", signed_in, account, std::monostate);
BRAID_GUARDIANS_ACTION(RecordConsent, "record_consent", signed_in, account, RecordFacts);
// A school's pupils, from its roster: the school consents, or guardians are asked.
BRAID_GUARDIANS_ACTION(AdmitPupil, "admit_pupil", staff, account, std::monostate);
// A birth month that staff put right, of an adult too; somebody else's, by an administrator.
BRAID_GUARDIANS_ACTION(CorrectBirth, "correct_birth", staff, account, OwnFacts);
BRAID_GUARDIANS_ACTION(SeeForm, "see_form", staff, account, std::monostate);
#undef BRAID_GUARDIANS_ACTION

void add_policies(access::PolicyBook& book);

}  // namespace braid::guardians
