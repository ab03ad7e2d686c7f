// The tables of moderation: the only place with their SQL. Writes by people take the permit of what they are
// part of.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stewardship/moderation/api.h"
#include "stewardship/moderation/policy.h"

namespace braid::moderation {

struct CaseRow {
    CaseId id;
    std::string kind;
    std::int64_t object = 0;
    PersonId subject;
    Origin origin = Origin::report;
    Category category = Category::other;
    CaseState state = CaseState::open;
    Timestamp due_at, opened_at, closed_at;
    PersonId claimed_by;
    Timestamp claimed_at;
    int reports = 0;
    std::string title, words, href;
};

struct ReportRow {
    ReportId id;
    CaseId case_id;
    PersonId reporter;
    Category category = Category::other;
    Timestamp made_at;
    std::string words;
};

struct NoteRow {
    NoteId id;
    PersonId author;
    Timestamp made_at;
    std::string text;
};

struct DecisionRow {
    DecisionId id;
    CaseId case_id;
    std::string kind;
    std::int64_t object = 0;
    PersonId subject;
    Measure measure = Measure::dismiss;
    DecisionState state = DecisionState::in_force;
    int rating = -1;
    Timestamp ends_at;  // 0: no end
    PersonId made_by;
    Timestamp made_at;
    PersonId confirmed_by;
    Timestamp confirmed_at;
    PersonId closed_by;
    Timestamp closed_at;
    std::string reason;

    [[nodiscard]] SecondFacts facts() const { return {subject, made_by, confirmed_by, state}; }
};

struct AppealRow {
    AppealId id;
    DecisionId decision;
    PersonId subject;
    AppealState state = AppealState::open;
    Timestamp made_at, due_at;
    PersonId decided_by;
    Timestamp decided_at;
    std::string words, answer;
};

struct NoticeRow {
    NoticeId id;
    NoticeKind what = NoticeKind::decided;
    CaseId case_id;
    DecisionId decision;
    Timestamp made_at, read_at;
};

// A place in a list ordered by time and id; opaque text in addresses.
struct Place {
    std::int64_t micros = 0, id = 0;
    [[nodiscard]] std::string text() const;
    static std::optional<Place> parse(std::string_view text);
};

namespace store {

// ---- Cases
std::optional<CaseRow> find_case(sql::Session& session, CaseId id);
std::optional<CaseRow> open_case(sql::Session& session, std::string_view kind, std::int64_t object);
// False when the place was flagged before.
bool flag(sql::Tx& tx, std::string_view kind, std::int64_t object, std::string_view mark, PersonId subject,
          Timestamp at);
void insert_case(sql::Tx& tx, const CaseRow& row);
// One report more: the gravest category, the earliest due time.
void add_to_case(sql::Tx& tx, const CaseRow& row);
void claim(sql::Tx& tx, const access::Permit<HandleCase>& permit, CaseId id, PersonId by, Timestamp at);
void set_state(sql::Tx& tx, CaseId id, CaseState state, Timestamp closed_at);
// Not closed, the first due first; cases about `actor` are left out. `mine`: claimed by her.
enum class Whose { anybodys, mine };
std::vector<CaseRow> queue(sql::Session& session, const access::Permit<SeeQueue>& permit, Whose whose,
                           std::optional<CaseState> state, std::optional<Place> after, int limit);
std::vector<CaseRow> closed(sql::Session& session, const access::Permit<SeeQueue>& permit,
                            std::optional<Place> after, int limit);
struct QueueCounts {
    int open = 0, overdue = 0, mine = 0, proposed = 0, appeals = 0;
};
QueueCounts queue_counts(sql::Session& session, const access::Permit<SeeQueue>& permit, Timestamp now);
std::vector<CaseRow> cases_about(sql::Session& session, PersonId subject, CaseId but, int limit);

// ---- Reports and notes
void insert_report(sql::Tx& tx, const access::Permit<Report>& permit, const ReportRow& row);
std::vector<ReportRow> reports(sql::Session& session, CaseId id, int limit);
int reports_by(sql::Session& session, CaseId id, PersonId reporter);
std::vector<PersonId> reporters(sql::Session& session, CaseId id);  // signed in, each once
// How many of a person's reports there are, and how many led to something.
struct ReporterHistory {
    int reports = 0, acted_on = 0;
};
ReporterHistory reporter_history(sql::Session& session, PersonId reporter, CaseId but);
void insert_note(sql::Tx& tx, const access::Permit<HandleCase>& permit, CaseId id, const NoteRow& note);
std::vector<NoteRow> notes(sql::Session& session, CaseId id);

// ---- Decisions
using DecideRight = access::Permit<Decide>;
void insert_decision(sql::Tx& tx, const DecideRight& permit, const DecisionRow& row);
std::optional<DecisionRow> decision(sql::Session& session, DecisionId id);
std::vector<DecisionRow> decisions_of_case(sql::Session& session, CaseId id);
std::vector<DecisionRow> decisions_about(sql::Session& session, PersonId subject, int limit);  // newest first
std::vector<DecisionRow> in_force_on(sql::Session& session, std::string_view kind, std::int64_t object);
std::vector<DecisionRow> in_force_about(sql::Session& session, PersonId subject);
std::vector<DecisionRow> ending(sql::Session& session, Timestamp now, int limit);
void confirm(sql::Tx& tx, const access::Permit<ConfirmDecision>& permit, DecisionId id, DecisionState state,
             Timestamp ends_at, Timestamp at);
// By a person's decision, or by the clock (`by` nobody).
void close_decision(sql::Tx& tx, DecisionId id, DecisionState state, PersonId by, Timestamp at);

// ---- Appeals
// False when there is one already.
bool insert_appeal(sql::Tx& tx, const access::AnyPermit<Appeal, AppealByLink>& permit, const AppealRow& row);
std::optional<AppealRow> appeal(sql::Session& session, AppealId id);
std::optional<AppealRow> appeal_against(sql::Session& session, DecisionId decision);
std::vector<AppealRow> open_appeals(sql::Session& session, const access::Permit<SeeQueue>& permit,
                                    std::optional<Place> after, int limit);
void decide_appeal(sql::Tx& tx, const access::Permit<DecideAppeal>& permit, AppealId id, AppealState state,
                   std::string_view answer, Timestamp at);

// ---- Notices
void insert_notice(sql::Tx& tx, NoticeId id, PersonId person, NoticeKind what, CaseId about,
                   DecisionId decision, Timestamp at);
std::vector<NoticeRow> notices(sql::Session& session, PersonId person, std::optional<NoticeId> before,
                               int limit);  // newest first
void mark_read(sql::Tx& tx, const access::Permit<SeeNotices>& permit, Timestamp at);

}  // namespace store
}  // namespace braid::moderation
