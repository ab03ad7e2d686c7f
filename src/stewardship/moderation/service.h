// The use cases of moderation: reporting, looking, deciding, appealing. Every view of a case and every action
// of staff writes the audit log in its own transaction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "identity/accounts/api.h"
#include "platform/events/events.h"
#include "platform/jobs/jobs.h"
#include "safety/words/api.h"
#include "stewardship/moderation/kinds.h"
#include "stewardship/moderation/store.h"

namespace braid::moderation {

struct Settings {
    std::string site_name = "Braid";
    std::string public_url = "http://127.0.0.1:8080";
    std::string secret;  // makes the links of suspended people; the same on every node, kept across restarts
    struct Contact {     // a line of the emergency page
        std::string name, reach, when;
    };
    std::string help_intro;  // empty: neutral words in the reader's language
    std::vector<Contact> help_contacts;
    words::Lists lists;  // words that bring a text before a moderator, and do nothing else
};

// One place where a word of the site's lists stands.
struct Listed {
    std::string where;   // the chapter's title; "" for the thing's own words
    std::string word;    // as written
    std::string around;  // with some words before and after
    std::string mark;    // of the word with what is around it
};

struct ReportForm {
    std::string kind;
    std::int64_t object = 0;
    std::string category, words;
    // Of kind "elsewhere": a path of this site. Of kind "profile": the address of what of hers it is about,
    // as whoever keeps apart from her knows it. "" for neither.
    std::string where;
};

struct DecisionForm {
    std::string measure, reason;
    std::string rating;     // of rerate: teen, mature
    std::int64_t days = 0;  // of what lasts: how long; 0: no end
    std::int64_t hours = 0;
    bool keep_open = false;  // the case stays open for another decision
};

// A case as its page shows it.
struct CaseFile {
    CaseRow row;
    std::optional<Object> now;                  // nothing: it is gone
    std::vector<works::ContactDetail> contact;  // while it waits
    std::vector<Listed> listed;                 // of a case that the word lists opened
    std::vector<ReportRow> reports;
    std::vector<NoteRow> notes;
    std::vector<DecisionRow> decisions;
    struct ReporterSide {
        PersonId person;
        store::ReporterHistory history;
    };
    std::vector<ReporterSide> reporters;     // who is signed in
    std::vector<DecisionRow> about_subject;  // of other cases, newest first
    std::vector<CaseRow> other_cases;        // about the same person
    std::optional<accounts::Restrictions> standing;
    std::optional<AppealRow> appeal;  // against one of its decisions, the newest
    bool may_handle = true;           // false: the moderator reported it herself
};

// A decision with its case, as the person it is about sees it.
struct Told {
    NoticeRow notice;
    std::optional<DecisionRow> decision;
    std::string title, href, kind;
    std::optional<AppealRow> appeal;
    bool may_appeal = false;
};

// Thread-safe.
class Service {
  public:
    // All references must outlive the service.
    Service(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
            jobs::Queue& queue, accounts::Accounts& accounts, const Kinds& kinds, Settings settings);

    // --- reporting
    // The thing as the reporter sees it; not_found for what she may not see or a kind there is not.
    Result<Object> reportable(sql::Session& session, const Actor& actor, std::string_view kind,
                              std::int64_t object) const;
    // invalid on category or words; not_found as above. Opens a case or joins the one that is open about it.
    // A person's sixth report of one thing while it is open is taken and kept no more.
    Result<ReportId> report(const Actor& actor, const ReportForm& form);

    // --- the queue
    Result<CaseFile> open_case(const Actor& actor, CaseId id);  // writes the audit log: a view
    // conflict when another has claimed it, unless an administrator takes it over.
    Result<void> claim_case(const Actor& actor, CaseId id);
    Result<void> release_case(const Actor& actor, CaseId id);
    // To another moderator, by her handle: invalid on "to" when she is none or it is her own affair.
    Result<void> assign_case(const Actor& actor, CaseId id, std::string_view handle);
    Result<void> add_note(const Actor& actor, CaseId id, std::string_view text);

    // --- deciding
    // In force at once, or proposed when it needs a second person. invalid on measure, reason, rating, days.
    Result<DecisionRow> decide_case(const Actor& actor, CaseId id, const DecisionForm& form);
    Result<void> confirm_decision(const Actor& actor, DecisionId id);
    // The second person says no, or who proposed takes it back: the case is open again.
    Result<void> refuse_decision(const Actor& actor, DecisionId id, std::string_view why);
    Result<void> lift_decision(const Actor& actor, DecisionId id, std::string_view why);

    // --- the other side
    Result<std::vector<Told>> notices(const Actor& actor, std::optional<NoticeId> before, int limit);
    Result<Told> told(const Actor& actor, DecisionId id);  // about herself
    Result<Told> told_by_link(const Actor& actor, std::string_view token);
    Result<AppealId> appeal(const Actor& actor, DecisionId id, std::string_view words);
    Result<AppealId> appeal_by_link(const Actor& actor, std::string_view token, std::string_view words);
    struct AppealFile {
        AppealRow appeal;
        DecisionRow decision;
        CaseRow about;
        std::optional<Object> now;
        bool may_decide = false;  // somebody else decided it
    };
    Result<AppealFile> open_appeal(const Actor& actor, AppealId id);  // writes the audit log: a view
    // `state`: upheld or overturned; then the decision is taken back and what it did undone.
    Result<void> decide_appeal(const Actor& actor, AppealId id, AppealState state, std::string_view answer);

    // --- by the clock and by events
    // Ends what has run out, at most `limit`; returns how many.
    int end_expired(int limit);
    // What a newcomer shows first, or what holds contact details, waits: a case of its own.
    void open_waiting(sql::Tx& tx, std::string_view kind, std::int64_t object, Origin why);
    // Words of the site's lists in what others may read of a thing: a case, or nothing when somebody was
    // asked about all of them before. Reads outside of the transaction that writes.
    void flag_listed(std::string_view kind, std::int64_t object);
    // Hides what a removed person made, or shows again what nothing else holds; in small transactions.
    void settle_things_of(PersonId person);

    // The path that a suspended person reads and appeals at.
    [[nodiscard]] std::string appeal_path(DecisionId id) const;

    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] const Kinds& kinds() const { return kinds_; }
    [[nodiscard]] Timestamp now() const { return clock_.now(); }
    [[nodiscard]] sql::Database& database() const { return database_; }
    [[nodiscard]] accounts::Accounts& accounts() const { return accounts_; }

  private:
    struct Found {
        CaseRow row;
        CaseFacts facts;
    };
    Result<Found> find(sql::Session& session, const Actor& actor, CaseId id) const;
    void insert_case_of(sql::Tx& tx, std::string_view kind, const Object& looked, Origin why);
    Result<DecisionRow> read_form(const Found& found, const Actor& actor, const DecisionForm& form,
                                  const Object& object) const;
    // What comes into force: its effect, the notices, the event.
    Result<void> enforce(sql::Tx& tx, const Actor& by, const DecisionRow& decision);
    Result<void> undo(sql::Tx& tx, const Actor& by, const DecisionRow& decision, DecisionState state,
                      NoticeKind notice);
    // Makes a thing or a person what the decisions in force say.
    Result<void> settle(sql::Tx& tx, const Actor& by, const DecisionRow& decision);
    Result<void> settle_object(sql::Tx& tx, const Actor& by, std::string_view kind, std::int64_t object,
                               PersonId owner);
    Result<void> settle_person(sql::Tx& tx, const Actor& by, PersonId person);
    void close_case(sql::Tx& tx, const CaseRow& row, Measure measure);
    // What a report is about in the end, and what was said.
    struct Reported {
        std::string kind;
        Object object;
        std::string words;
    };
    Result<Reported> reported(sql::Session& session, const Actor& actor, const ReportForm& form,
                              std::string words) const;
    std::optional<Reported> at_address(sql::Session& session, const Actor& actor, PersonId owner,
                                       std::string_view address) const;
    // "" of what was written by somebody of whom she sees nothing.
    static std::string title_for(sql::Session& session, PersonId person, const CaseRow& about);
    void notify(sql::Tx& tx, PersonId person, NoticeKind what, CaseId about, const DecisionRow* decision);
    Result<Told> tell(sql::Session& session, const Actor& actor, const DecisionRow& decision) const;
    Result<AppealId> take_appeal(sql::Tx& tx, const access::AnyPermit<Appeal, AppealByLink>& permit,
                                 const DecisionRow& decision, const std::string& words);
    std::optional<DecisionId> decision_of(std::string_view token) const;
    void append(sql::Tx& tx, const DecisionRow& decision);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    events::Outbox& outbox_;
    jobs::Queue& queue_;
    accounts::Accounts& accounts_;
    const Kinds& kinds_;
    const Settings settings_;
};

}  // namespace braid::moderation
