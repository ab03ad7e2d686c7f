#include "identity/guardians/store.h"

namespace braid::guardians::store {

namespace {

#define REQUEST                                                                                             \
    "id, handle, password_hash, band, language, guardian_email, created_at, expires_at, mails, mailed_at, " \
    "reminders, said_at, confirm_at, birth_year, birth_month, choices"
#define TIE                                                                                         \
    "id, child, guardian, guardian_email, method, purpose, on_behalf, recorded_by, form, choices, " \
    "given_at, "                                                                                    \
    "withdrawn_at, ended_at, ended_why, next_stage_at"

const sql::Query kRequest{"guardians.request", "SELECT " REQUEST " FROM consent_requests WHERE id = $1"};
const sql::Query kRequestByHandle{"guardians.request_by_handle",
                                  "SELECT " REQUEST " FROM consent_requests WHERE handle = $1"};
const sql::Query kRequestsTo{"guardians.requests_to",
                             "SELECT " REQUEST
                             " FROM consent_requests WHERE guardian_email = $1 ORDER BY id LIMIT $2"};
const sql::Query kCountRequestsTo{"guardians.count_requests_to",
                                  "SELECT COUNT(*) FROM consent_requests WHERE guardian_email = $1"};
const sql::Query kExpired{"guardians.expired",
                          "SELECT " REQUEST
                          " FROM consent_requests WHERE expires_at <= $1 ORDER BY expires_at, id LIMIT $2"};
const sql::Query kToRemind{"guardians.to_remind",
                           "SELECT " REQUEST
                           " FROM consent_requests WHERE reminders = $1 AND created_at <= $2 AND "
                           "said_at = 0 ORDER BY created_at, id LIMIT $3"};
const sql::Query kInsertRequest{"guardians.insert_request",
                                "INSERT INTO consent_requests (" REQUEST
                                ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0, 0, 0)"};
const sql::Query kCountMail{"guardians.count_mail",
                            "UPDATE consent_requests SET mails = mails + 1, mailed_at = $2 WHERE id = $1"};
const sql::Query kNoteReminder{"guardians.note_reminder",
                               "UPDATE consent_requests SET reminders = reminders + 1 WHERE id = $1"};
const sql::Query kNoteSaid{"guardians.note_said",
                           "UPDATE consent_requests SET said_at = $2, confirm_at = $3, birth_year = $4, "
                           "birth_month = $5, choices = $6, expires_at = $7 WHERE id = $1"};
const sql::Query kDeleteRequest{"guardians.delete_request", "DELETE FROM consent_requests WHERE id = $1"};

const sql::Query kTie{"guardians.tie", "SELECT " TIE " FROM consents WHERE id = $1"};
const sql::Query kTiesOf{"guardians.ties_of",
                         "SELECT " TIE
                         " FROM consents WHERE child = $1 AND ended_at = 0 ORDER BY id LIMIT 20"};
const sql::Query kTiesBy{"guardians.ties_by",
                         "SELECT " TIE
                         " FROM consents WHERE guardian = $1 AND ended_at = 0 ORDER BY child, id LIMIT 100"};
const sql::Query kTieBetween{
    "guardians.tie_between",
    "SELECT " TIE " FROM consents WHERE guardian = $1 AND child = $2 AND ended_at = 0 ORDER BY id LIMIT 1"};
const sql::Query kDue{"guardians.due", "SELECT " TIE
                                       " FROM consents WHERE next_stage_at <= $1 AND ended_at = 0 ORDER BY "
                                       "next_stage_at, id LIMIT $2"};
const sql::Query kDueSoon{
    "guardians.due_soon",
    "SELECT " TIE
    " FROM consents WHERE next_stage_at > $1 AND next_stage_at <= $2 AND ended_at = 0 AND NOT EXISTS (SELECT "
    "1 "
    "FROM guardian_log l WHERE l.child = consents.child AND l.what = 'foretold' AND l.at > $3) ORDER BY "
    "next_stage_at, id LIMIT $4"};
const sql::Query kInsertTie{"guardians.insert_tie",
                            "INSERT INTO consents (" TIE
                            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, '', $12)"};
const sql::Query kConnect{"guardians.connect",
                          "UPDATE consents SET guardian = $2, guardian_email = '' WHERE id = $1"};
const sql::Query kSetChoices{"guardians.set_choices", "UPDATE consents SET choices = $2 WHERE id = $1"};
const sql::Query kSetWithdrawn{"guardians.set_withdrawn",
                               "UPDATE consents SET withdrawn_at = $2 WHERE id = $1"};
const sql::Query kSetNextStage{"guardians.set_next_stage",
                               "UPDATE consents SET next_stage_at = $2 WHERE child = $1 AND ended_at = 0"};
const sql::Query kEndTie{
    "guardians.end_tie",
    "UPDATE consents SET ended_at = $2, ended_why = $3, guardian_email = '' WHERE id = $1"};

const sql::Query kInvitation{
    "guardians.invitation",
    "SELECT id, child, email, invited_by, created_at, expires_at FROM guardian_invitations WHERE id = $1"};
const sql::Query kInvitationsOf{
    "guardians.invitations_of",
    "SELECT id, child, email, invited_by, created_at, expires_at FROM "
    "guardian_invitations WHERE child = $1 AND expires_at > $2 ORDER BY email LIMIT 20"};
const sql::Query kPutInvitation{
    "guardians.put_invitation",
    "INSERT INTO guardian_invitations (id, child, email, invited_by, created_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (child, email) DO UPDATE SET id = EXCLUDED.id, "
    "invited_by = EXCLUDED.invited_by, created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at"};
const sql::Query kDeleteInvitation{"guardians.delete_invitation",
                                   "DELETE FROM guardian_invitations WHERE id = $1"};
const sql::Query kDeleteOldInvitations{"guardians.delete_old_invitations",
                                       "DELETE FROM guardian_invitations WHERE expires_at <= $1"};

const sql::Query kLog{"guardians.log",
                      "INSERT INTO guardian_log (id, child, actor, what, choices, at) VALUES ($1, $2, $3, "
                      "$4, $5, $6)"};
const sql::Query kLogOf{"guardians.log_of",
                        "SELECT id, child, actor, what, choices, at FROM guardian_log WHERE child = $1 "
                        "ORDER BY id DESC LIMIT $2"};
#undef REQUEST
#undef TIE

}  // namespace

std::optional<Request> request(sql::Session& session, ConsentId id) {
    return session.maybe<Request>(kRequest, id);
}
std::optional<Request> request_by_handle(sql::Session& session, std::string_view handle) {
    return session.maybe<Request>(kRequestByHandle, handle);
}
std::vector<Request> requests_to(sql::Session& session, std::string_view email, int limit) {
    return session.all<Request>(kRequestsTo, email, limit);
}
int count_requests_to(sql::Session& session, std::string_view email) {
    return session.one<int>(kCountRequestsTo, email);
}
std::vector<Request> expired(sql::Session& session, Timestamp now, int limit) {
    return session.all<Request>(kExpired, now, limit);
}
std::vector<Request> to_remind(sql::Session& session, int reminders, Timestamp before, int limit) {
    return session.all<Request>(kToRemind, reminders, before, limit);
}

void insert_request(sql::Tx& tx, const access::AnyPermit<AskGuardian, AdmitPupil>&, const Request& r) {
    tx.run(kInsertRequest, r.id, r.handle, r.password_hash, r.band, r.language, r.guardian_email,
           r.created_at, r.expires_at, r.mails, r.mailed_at);
}
void count_mail(sql::Tx& tx, const access::Permit<SeeWaiting>&, ConsentId id, Timestamp at) {
    tx.run(kCountMail, id, at);
}
void note_reminder(sql::Tx& tx, ConsentId id) {
    tx.run(kNoteReminder, id);
}
void note_said(sql::Tx& tx, const access::Permit<AnswerByLink>&, const Request& r) {
    tx.run(kNoteSaid, r.id, r.said_at, r.confirm_at, r.birth_year, r.birth_month, r.choices, r.expires_at);
}
void delete_request(sql::Tx& tx, ConsentId id) {
    tx.run(kDeleteRequest, id);
}

std::optional<Tie> tie(sql::Session& session, ConsentId id) {
    return session.maybe<Tie>(kTie, id);
}
std::vector<Tie> ties_of(sql::Session& session, PersonId child) {
    return session.all<Tie>(kTiesOf, child);
}
std::vector<Tie> ties_by(sql::Session& session, PersonId guardian) {
    return session.all<Tie>(kTiesBy, guardian);
}
std::optional<Tie> tie_between(sql::Session& session, PersonId guardian, PersonId child) {
    return session.maybe<Tie>(kTieBetween, guardian, child);
}
std::vector<Tie> due(sql::Session& session, Timestamp now, int limit) {
    return session.all<Tie>(kDue, now, limit);
}

std::vector<Tie> due_soon(sql::Session& session, Timestamp now, Timestamp until, Timestamp told_after,
                          int limit) {
    return session.all<Tie>(kDueSoon, now, until, told_after, limit);
}

void insert_tie(sql::Tx& tx, const Tying&, const Tie& t) {
    tx.run(kInsertTie, t.id, t.child, t.guardian, t.guardian_email, t.method, t.purpose, t.on_behalf,
           t.recorded_by, t.form, t.choices, t.given_at, t.next_stage_at);
}
void connect(sql::Tx& tx, const access::Permit<AnswerByLink>&, ConsentId id, PersonId guardian) {
    tx.run(kConnect, id, guardian);
}
void set_choices(sql::Tx& tx, const Deciding&, ConsentId id, Choices choices) {
    tx.run(kSetChoices, id, choices.bits);
}
void set_withdrawn(sql::Tx& tx, const Deciding&, ConsentId id, Timestamp at) {
    tx.run(kSetWithdrawn, id, at);
}
void set_next_stage(sql::Tx& tx, PersonId child, Timestamp at) {
    tx.run(kSetNextStage, child, at);
}
void end_tie(sql::Tx& tx, ConsentId id, Timestamp at, std::string_view why) {
    tx.run(kEndTie, id, at, why);
}

std::optional<Invitation> invitation(sql::Session& session, InvitationId id) {
    return session.maybe<Invitation>(kInvitation, id);
}
std::vector<Invitation> invitations_of(sql::Session& session, PersonId child, Timestamp now) {
    return session.all<Invitation>(kInvitationsOf, child, now);
}
void put_invitation(sql::Tx& tx, const access::AnyPermit<InviteGuardian, AdmitPupil>&, const Invitation& i) {
    tx.run(kPutInvitation, i.id, i.child, i.email, i.invited_by, i.created_at, i.expires_at);
}
void delete_invitation(sql::Tx& tx, InvitationId id) {
    tx.run(kDeleteInvitation, id);
}
int delete_old_invitations(sql::Tx& tx, Timestamp now) {
    return static_cast<int>(tx.run(kDeleteOldInvitations, now));
}

void log(sql::Tx& tx, const LogLine& line) {
    tx.run(kLog, line.id, line.child, line.actor, line.what, line.choices, line.at);
}
std::vector<LogLine> log_of(sql::Session& session, PersonId child, int limit) {
    return session.all<LogLine>(kLogOf, child, limit);
}

}  // namespace braid::guardians::store
