// The tables of guardians. Writes take a permit, but for what time does: reminders, expiry, coming of age.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/guardians/policy.h"

namespace braid::guardians {

// What happened, in guardian_log.
enum class What {
    consented,
    confirmed,
    recorded,
    connected,
    choices,
    corrected,
    withdrew,
    returned,
    invited,
    accepted,
    ended,
    past_consent,
    of_age,
    asked_data,     // a file with everything that is held
    asked_erasure,  // in a week
    kept_account,   // took that back
    foretold,       // that her age changes what guardians may do, before it does
};

namespace store {

using InvitationId = Id<struct GuardianInvitationTag>;

struct Request {
    ConsentId id;
    std::string handle, password_hash;
    access::AgeBand band = access::AgeBand::child;
    std::string language, guardian_email;
    Timestamp created_at, expires_at;
    int mails = 1;
    Timestamp mailed_at;
    int reminders = 0;
    Timestamp said_at, confirm_at;  // 0: nobody said yes
    int birth_year = 0, birth_month = 0;
    std::int64_t choices = 0;

    [[nodiscard]] bool said() const { return said_at.micros != 0; }
};
std::optional<Request> request(sql::Session& session, ConsentId id);
std::optional<Request> request_by_handle(sql::Session& session, std::string_view handle);
std::vector<Request> requests_to(sql::Session& session, std::string_view email, int limit);
int count_requests_to(sql::Session& session, std::string_view email);
std::vector<Request> expired(sql::Session& session, Timestamp now, int limit);
// Nobody has answered, `reminders` mails went out to remind, and the request was made before `before`.
std::vector<Request> to_remind(sql::Session& session, int reminders, Timestamp before, int limit);

using Answer = access::AnyPermit<AnswerByLink, RecordConsent>;

void insert_request(sql::Tx& tx, const access::AnyPermit<AskGuardian, AdmitPupil>& permit,
                    const Request& request);
void count_mail(sql::Tx& tx, const access::Permit<SeeWaiting>& permit, ConsentId id, Timestamp at);
void note_reminder(sql::Tx& tx, ConsentId id);
void note_said(sql::Tx& tx, const access::Permit<AnswerByLink>& permit, const Request& request);
// By the child, by the guardian, by consent, by time.
void delete_request(sql::Tx& tx, ConsentId id);

struct Tie {
    ConsentId id;
    PersonId child;
    std::optional<PersonId> guardian;
    std::string guardian_email;
    Method method = Method::email_plus;
    Purpose purpose = Purpose::everything;
    std::string on_behalf;
    std::optional<PersonId> recorded_by;
    std::string form;
    std::int64_t choices = 0;
    Timestamp given_at, withdrawn_at, ended_at;
    std::string ended_why;
    Timestamp next_stage_at;

    [[nodiscard]] bool withdrawn() const { return withdrawn_at.micros != 0; }
    [[nodiscard]] bool holds() const { return ended_at.micros == 0; }
    [[nodiscard]] Choices allowed() const { return Choices{static_cast<std::uint32_t>(choices)}; }
};
std::optional<Tie> tie(sql::Session& session, ConsentId id);
// Those that hold, the oldest first; at most 20 of a child, 100 of a guardian.
std::vector<Tie> ties_of(sql::Session& session, PersonId child);
std::vector<Tie> ties_by(sql::Session& session, PersonId guardian);
std::optional<Tie> tie_between(sql::Session& session, PersonId guardian, PersonId child);
std::vector<Tie> due(sql::Session& session, Timestamp now, int limit);
// Of children whose age changes that until `until`, and of whom nobody was told since `told_after`.
std::vector<Tie> due_soon(sql::Session& session, Timestamp now, Timestamp until, Timestamp told_after,
                          int limit);

using Tying = access::AnyPermit<AnswerByLink, RecordConsent, AcceptInvitation>;
using Deciding = access::AnyPermit<AnswerByLink, DecideForChild, DecideMentors>;

void insert_tie(sql::Tx& tx, const Tying& permit, const Tie& tie);
void connect(sql::Tx& tx, const access::Permit<AnswerByLink>& permit, ConsentId id, PersonId guardian);
void set_choices(sql::Tx& tx, const Deciding& permit, ConsentId id, Choices choices);
void set_withdrawn(sql::Tx& tx, const Deciding& permit, ConsentId id, Timestamp at);  // 0: returned
void set_next_stage(sql::Tx& tx, PersonId child, Timestamp at);
void end_tie(sql::Tx& tx, ConsentId id, Timestamp at, std::string_view why);

struct Invitation {
    InvitationId id;
    PersonId child;
    std::string email;
    PersonId invited_by;
    Timestamp created_at, expires_at;
};
std::optional<Invitation> invitation(sql::Session& session, InvitationId id);
std::vector<Invitation> invitations_of(sql::Session& session, PersonId child, Timestamp now);
void put_invitation(sql::Tx& tx, const access::AnyPermit<InviteGuardian, AdmitPupil>& permit,
                    const Invitation& invitation);
void delete_invitation(sql::Tx& tx, InvitationId id);
int delete_old_invitations(sql::Tx& tx, Timestamp now);

struct LogLine {
    std::int64_t id = 0;
    PersonId child;
    std::optional<PersonId> actor;
    What what = What::consented;
    std::int64_t choices = 0;
    Timestamp at;
};
void log(sql::Tx& tx, const LogLine& line);
std::vector<LogLine> log_of(sql::Session& session, PersonId child, int limit);  // newest first

}  // namespace store
}  // namespace braid::guardians

template <>
struct braid::sql::EnumNames<braid::guardians::What> {
    static constexpr std::array<std::string_view, 17> names{
        "consented", "confirmed",  "recorded",      "connected",    "choices", "corrected",
        "withdrew",  "returned",   "invited",       "accepted",     "ended",   "past_consent",
        "of_age",    "asked_data", "asked_erasure", "kept_account", "foretold"};
};
