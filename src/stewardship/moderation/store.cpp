#include "stewardship/moderation/store.h"

#include <limits>

#include "base/text.h"

namespace braid::moderation {

std::string Place::text() const {
    return std::to_string(micros) + "-" + id_to_text(id);
}

std::optional<Place> Place::parse(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto micros = parse_integer(text.substr(0, dash));
    const auto id = id_from_text(text.substr(dash + 1));
    if (!micros || !id) return std::nullopt;
    return Place{*micros, *id};
}

namespace store {

namespace {

#define CASE_COLUMNS                                                                                 \
    "id, kind, object, subject, origin, category, state, due_at, opened_at, closed_at, claimed_by, " \
    "claimed_at, reports, title, words, href"
#define DECISION_COLUMNS                                                                      \
    "id, case_id, kind, object, subject, measure, state, rating, ends_at, made_by, made_at, " \
    "confirmed_by, confirmed_at, closed_by, closed_at, reason"
#define APPEAL_COLUMNS "id, decision, subject, state, made_at, due_at, decided_by, decided_at, words, answer"

const sql::Query kCase{"moderation.find_case", "SELECT " CASE_COLUMNS " FROM moderation_cases WHERE id = $1"};
const sql::Query kOpenCase{"moderation.find_open_case",
                           "SELECT " CASE_COLUMNS
                           " FROM moderation_cases WHERE kind = $1 AND object = $2 AND state <> 'closed'"};
const sql::Query kInsertCase{
    "moderation.insert_case",
    "INSERT INTO moderation_cases (" CASE_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"};
const sql::Query kFlag{
    "moderation.flag",
    "INSERT INTO moderation_flags (kind, object, mark, subject, flagged_at) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (kind, object, mark) DO NOTHING"};
const sql::Query kAddToCase{
    "moderation.add_to_case",
    "UPDATE moderation_cases SET category = $2, due_at = $3, reports = reports + 1 WHERE id = $1"};
const sql::Query kClaim{"moderation.claim_case",
                        "UPDATE moderation_cases SET claimed_by = $2, claimed_at = $3 WHERE id = $1"};
const sql::Query kSetState{"moderation.set_case_state",
                           "UPDATE moderation_cases SET state = $2, closed_at = $3 WHERE id = $1"};
const sql::Query kQueue{
    "moderation.list_queue",
    "SELECT " CASE_COLUMNS
    " FROM moderation_cases WHERE state <> 'closed' AND subject <> $1 AND (CAST($2 AS BIGINT) = 0 OR "
    "claimed_by = $2) AND (CAST($3 AS TEXT) = '' OR state = $3) AND (due_at, id) > ($4, $5) "
    "ORDER BY due_at, id LIMIT $6"};
const sql::Query kClosed{
    "moderation.list_closed",
    "SELECT " CASE_COLUMNS
    " FROM moderation_cases WHERE state = 'closed' AND subject <> $1 AND (closed_at, id) "
    "< ($2, $3) ORDER BY closed_at DESC, id DESC LIMIT $4"};
const sql::Query kQueueCounts{
    "moderation.count_queue",
    "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN due_at < $2 THEN 1 ELSE 0 END), 0) AS BIGINT), "
    "CAST(COALESCE(SUM(CASE WHEN claimed_by = $1 THEN 1 ELSE 0 END), 0) AS BIGINT), "
    "CAST(COALESCE(SUM(CASE WHEN state = 'proposed' THEN 1 ELSE 0 END), 0) AS BIGINT), "
    "(SELECT COUNT(*) FROM moderation_appeals WHERE state = 'open' AND subject <> $1) "
    "FROM moderation_cases WHERE state <> 'closed' AND subject <> $1"};
const sql::Query kCasesAbout{"moderation.list_cases_about",
                             "SELECT " CASE_COLUMNS
                             " FROM moderation_cases WHERE subject = $1 AND id <> $2 ORDER BY id DESC LIMIT "
                             "$3"};

const sql::Query kInsertReport{
    "moderation.insert_report",
    "INSERT INTO moderation_reports (id, case_id, reporter, category, made_at, words) VALUES ($1, $2, $3, "
    "$4, $5, $6)"};
const sql::Query kReports{"moderation.list_reports",
                          "SELECT id, case_id, reporter, category, made_at, words FROM moderation_reports "
                          "WHERE case_id = $1 ORDER BY id DESC LIMIT $2"};
const sql::Query kReportsBy{"moderation.count_reports_by",
                            "SELECT COUNT(*) FROM moderation_reports WHERE case_id = $1 AND reporter = $2"};
const sql::Query kReporters{"moderation.list_reporters",
                            "SELECT DISTINCT reporter FROM moderation_reports WHERE case_id = $1 AND "
                            "reporter <> 0 ORDER BY reporter LIMIT 1000"};
const sql::Query kReporterHistory{
    "moderation.reporter_history",
    "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM moderation_decisions d WHERE "
    "d.case_id = r.case_id AND d.measure <> 'dismiss' AND d.state NOT IN ('proposed', 'refused', "
    "'overturned')) THEN 1 ELSE 0 END), 0) AS BIGINT) FROM moderation_reports r WHERE r.reporter = $1 AND "
    "r.case_id <> $2"};
const sql::Query kInsertNote{
    "moderation.insert_note",
    "INSERT INTO moderation_notes (id, case_id, author, made_at, text) VALUES ($1, $2, $3, $4, $5)"};
const sql::Query kNotes{
    "moderation.list_notes",
    "SELECT id, author, made_at, text FROM moderation_notes WHERE case_id = $1 ORDER BY id LIMIT 500"};

const sql::Query kInsertDecision{
    "moderation.insert_decision",
    "INSERT INTO moderation_decisions (" DECISION_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"};
const sql::Query kDecision{"moderation.find_decision",
                           "SELECT " DECISION_COLUMNS " FROM moderation_decisions WHERE id = $1"};
const sql::Query kDecisionsOfCase{"moderation.list_decisions_of_case",
                                  "SELECT " DECISION_COLUMNS
                                  " FROM moderation_decisions WHERE case_id = $1 ORDER BY id LIMIT 200"};
const sql::Query kDecisionsAbout{"moderation.list_decisions_about",
                                 "SELECT " DECISION_COLUMNS
                                 " FROM moderation_decisions WHERE subject = $1 ORDER BY id DESC LIMIT $2"};
const sql::Query kInForceOn{"moderation.list_in_force_on",
                            "SELECT " DECISION_COLUMNS
                            " FROM moderation_decisions WHERE kind = $1 AND object = $2 AND state = "
                            "'in_force' ORDER BY id LIMIT 200"};
const sql::Query kInForceAbout{"moderation.list_in_force_about",
                               "SELECT " DECISION_COLUMNS
                               " FROM moderation_decisions WHERE subject = $1 AND state = 'in_force' ORDER "
                               "BY id LIMIT 500"};
const sql::Query kEnding{"moderation.list_ending",
                         "SELECT " DECISION_COLUMNS
                         " FROM moderation_decisions WHERE state = 'in_force' AND ends_at > 0 AND ends_at <= "
                         "$1 ORDER BY ends_at, id LIMIT $2"};
const sql::Query kConfirm{"moderation.confirm_decision",
                          "UPDATE moderation_decisions SET state = $2, ends_at = $3, confirmed_by = $4, "
                          "confirmed_at = $5 WHERE id = $1"};
const sql::Query kCloseDecision{
    "moderation.close_decision",
    "UPDATE moderation_decisions SET state = $2, closed_by = $3, closed_at = $4 WHERE id = $1"};

const sql::Query kInsertAppeal{"moderation.insert_appeal",
                               "INSERT INTO moderation_appeals (" APPEAL_COLUMNS
                               ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (decision) DO "
                               "NOTHING"};
const sql::Query kAppeal{"moderation.find_appeal",
                         "SELECT " APPEAL_COLUMNS " FROM moderation_appeals WHERE id = $1"};
const sql::Query kAppealAgainst{"moderation.find_appeal_against",
                                "SELECT " APPEAL_COLUMNS " FROM moderation_appeals WHERE decision = $1"};
const sql::Query kOpenAppeals{"moderation.list_open_appeals",
                              "SELECT " APPEAL_COLUMNS
                              " FROM moderation_appeals WHERE state = 'open' AND subject <> $1 AND (due_at, "
                              "id) > ($2, $3) ORDER BY due_at, id LIMIT $4"};
const sql::Query kDecideAppeal{"moderation.decide_appeal",
                               "UPDATE moderation_appeals SET state = $2, answer = $3, decided_by = $4, "
                               "decided_at = $5 WHERE id = $1 AND state = 'open'"};

const sql::Query kInsertNotice{
    "moderation.insert_notice",
    "INSERT INTO moderation_notices (id, person, what, case_id, decision, made_at, read_at) VALUES ($1, $2, "
    "$3, $4, $5, $6, 0)"};
const sql::Query kNotices{"moderation.list_notices",
                          "SELECT id, what, case_id, decision, made_at, read_at FROM moderation_notices "
                          "WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3"};
const sql::Query kMarkRead{"moderation.mark_read",
                           "UPDATE moderation_notices SET read_at = $2 WHERE person = $1 AND read_at = 0"};

PersonId me(const Actor& actor) {
    return actor.person.value_or(PersonId{});
}
// Nobody's things (subject 0) are for everybody; 0 is the operator's id, who is nobody's subject.
PersonId not_about(const Actor& actor) {
    const PersonId id = me(actor);
    return id ? id : PersonId{-1};
}

constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::optional<CaseRow> find_case(sql::Session& session, CaseId id) {
    return session.maybe<CaseRow>(kCase, id);
}
bool flag(sql::Tx& tx, std::string_view kind, std::int64_t object, std::string_view mark, PersonId subject,
          Timestamp at) {
    return tx.run(kFlag, kind, object, mark, subject, at) == 1;
}
std::optional<CaseRow> open_case(sql::Session& session, std::string_view kind, std::int64_t object) {
    return session.maybe<CaseRow>(kOpenCase, kind, object);
}
void insert_case(sql::Tx& tx, const CaseRow& c) {
    tx.run(kInsertCase, c.id, c.kind, c.object, c.subject, c.origin, c.category, c.state, c.due_at,
           c.opened_at, c.closed_at, c.claimed_by, c.claimed_at, c.reports, c.title, c.words, c.href);
}
void add_to_case(sql::Tx& tx, const CaseRow& c) {
    tx.run(kAddToCase, c.id, c.category, c.due_at);
}
void claim(sql::Tx& tx, const access::Permit<HandleCase>&, CaseId id, PersonId by, Timestamp at) {
    tx.run(kClaim, id, by, at);
}
void set_state(sql::Tx& tx, CaseId id, CaseState state, Timestamp closed_at) {
    tx.run(kSetState, id, state, closed_at);
}
std::vector<CaseRow> queue(sql::Session& session, const access::Permit<SeeQueue>& permit, Whose whose,
                           std::optional<CaseState> state, std::optional<Place> after, int limit) {
    const Place from = after.value_or(Place{});
    const PersonId mine = whose == Whose::mine ? me(permit.actor()) : PersonId{};
    return session.all<CaseRow>(kQueue, not_about(permit.actor()), mine,
                                state ? sql::detail::enum_name(*state) : std::string_view(), from.micros,
                                from.id, limit);
}
std::vector<CaseRow> closed(sql::Session& session, const access::Permit<SeeQueue>& permit,
                            std::optional<Place> after, int limit) {
    const Place from = after.value_or(Place{kLast, kLast});
    return session.all<CaseRow>(kClosed, not_about(permit.actor()), from.micros, from.id, limit);
}
QueueCounts queue_counts(sql::Session& session, const access::Permit<SeeQueue>& permit, Timestamp now) {
    return session.one<QueueCounts>(kQueueCounts, not_about(permit.actor()), now);
}
std::vector<CaseRow> cases_about(sql::Session& session, PersonId subject, CaseId but, int limit) {
    return session.all<CaseRow>(kCasesAbout, subject, but, limit);
}

void insert_report(sql::Tx& tx, const access::Permit<Report>&, const ReportRow& r) {
    tx.run(kInsertReport, r.id, r.case_id, r.reporter, r.category, r.made_at, r.words);
}
std::vector<ReportRow> reports(sql::Session& session, CaseId id, int limit) {
    return session.all<ReportRow>(kReports, id, limit);
}
int reports_by(sql::Session& session, CaseId id, PersonId reporter) {
    return session.one<int>(kReportsBy, id, reporter);
}
std::vector<PersonId> reporters(sql::Session& session, CaseId id) {
    return session.all<PersonId>(kReporters, id);
}
ReporterHistory reporter_history(sql::Session& session, PersonId reporter, CaseId but) {
    return session.one<ReporterHistory>(kReporterHistory, reporter, but);
}
void insert_note(sql::Tx& tx, const access::Permit<HandleCase>&, CaseId id, const NoteRow& n) {
    tx.run(kInsertNote, n.id, id, n.author, n.made_at, n.text);
}
std::vector<NoteRow> notes(sql::Session& session, CaseId id) {
    return session.all<NoteRow>(kNotes, id);
}

void insert_decision(sql::Tx& tx, const DecideRight&, const DecisionRow& d) {
    tx.run(kInsertDecision, d.id, d.case_id, d.kind, d.object, d.subject, d.measure, d.state, d.rating,
           d.ends_at, d.made_by, d.made_at, d.confirmed_by, d.confirmed_at, d.closed_by, d.closed_at,
           d.reason);
}
std::optional<DecisionRow> decision(sql::Session& session, DecisionId id) {
    return session.maybe<DecisionRow>(kDecision, id);
}
std::vector<DecisionRow> decisions_of_case(sql::Session& session, CaseId id) {
    return session.all<DecisionRow>(kDecisionsOfCase, id);
}
std::vector<DecisionRow> decisions_about(sql::Session& session, PersonId subject, int limit) {
    return session.all<DecisionRow>(kDecisionsAbout, subject, limit);
}
std::vector<DecisionRow> in_force_on(sql::Session& session, std::string_view kind, std::int64_t object) {
    return session.all<DecisionRow>(kInForceOn, kind, object);
}
std::vector<DecisionRow> in_force_about(sql::Session& session, PersonId subject) {
    return session.all<DecisionRow>(kInForceAbout, subject);
}
std::vector<DecisionRow> ending(sql::Session& session, Timestamp now, int limit) {
    return session.all<DecisionRow>(kEnding, now, limit);
}
void confirm(sql::Tx& tx, const access::Permit<ConfirmDecision>& permit, DecisionId id, DecisionState state,
             Timestamp ends_at, Timestamp at) {
    tx.run(kConfirm, id, state, ends_at, me(permit.actor()), at);
}
void close_decision(sql::Tx& tx, DecisionId id, DecisionState state, PersonId by, Timestamp at) {
    tx.run(kCloseDecision, id, state, by, at);
}

bool insert_appeal(sql::Tx& tx, const access::AnyPermit<Appeal, AppealByLink>&, const AppealRow& a) {
    return tx.run(kInsertAppeal, a.id, a.decision, a.subject, a.state, a.made_at, a.due_at, a.decided_by,
                  a.decided_at, a.words, a.answer) == 1;
}
std::optional<AppealRow> appeal(sql::Session& session, AppealId id) {
    return session.maybe<AppealRow>(kAppeal, id);
}
std::optional<AppealRow> appeal_against(sql::Session& session, DecisionId decision) {
    return session.maybe<AppealRow>(kAppealAgainst, decision);
}
std::vector<AppealRow> open_appeals(sql::Session& session, const access::Permit<SeeQueue>& permit,
                                    std::optional<Place> after, int limit) {
    const Place from = after.value_or(Place{});
    return session.all<AppealRow>(kOpenAppeals, not_about(permit.actor()), from.micros, from.id, limit);
}
void decide_appeal(sql::Tx& tx, const access::Permit<DecideAppeal>& permit, AppealId id, AppealState state,
                   std::string_view answer, Timestamp at) {
    tx.run(kDecideAppeal, id, state, answer, me(permit.actor()), at);
}

void insert_notice(sql::Tx& tx, NoticeId id, PersonId person, NoticeKind what, CaseId about,
                   DecisionId decision, Timestamp at) {
    tx.run(kInsertNotice, id, person, what, about, decision, at);
}
std::vector<NoticeRow> notices(sql::Session& session, PersonId person, std::optional<NoticeId> before,
                               int limit) {
    return session.all<NoticeRow>(kNotices, person, before ? before->value : kLast, limit);
}
void mark_read(sql::Tx& tx, const access::Permit<SeeNotices>& permit, Timestamp at) {
    tx.run(kMarkRead, me(permit.actor()), at);
}

}  // namespace store
}  // namespace braid::moderation
