#include "stewardship/moderation/api_v1.h"

#include "shell/shell.h"
#include "stewardship/moderation/words.h"

namespace braid::moderation {

using access::action;
using access::actor_of;
using http::Request;

// ---- What is sent and answered

struct ReportIn {
    std::string kind;
    std::optional<std::string> object;
    Category category;
    std::optional<std::string> words, where;
};
BOOST_DESCRIBE_STRUCT(ReportIn, (), (kind, object, category, words, where))
constexpr auto api_fields(const ReportIn*) {
    return std::to_array<api::Field>({
        {.name = "kind",
         .says = "`work`, `chapter`, `comment`, `profile`, or `elsewhere` for anything else.",
         .min = 1,
         .max = 30},
        {.name = "object", .says = "Its id; left out for `elsewhere`, which needs `words`.", .max = 13},
        {.name = "words", .says = "What happened, in your words.", .max = kMostWords},
        {.name = "where",
         .says =
             "For `profile`: the address of what of hers it is about, also when you keep apart from her. For "
             "`elsewhere`: a path of this site.",
         .max = 500},
    });
}
struct ReportOut {
    ReportId id;
};
BOOST_DESCRIBE_STRUCT(ReportOut, (), (id))

struct CaseOut {
    CaseId id;
    std::string kind, object;
    std::optional<PersonId> subject;
    Origin origin = Origin::report;
    Category category = Category::other;
    CaseState state = CaseState::open;
    std::string title, words, path;
    std::int64_t reports = 0;
    Timestamp opened_at, due_at;
    bool overdue = false;
    std::optional<Timestamp> closed_at;
    std::optional<PersonId> claimed_by;
};
BOOST_DESCRIBE_STRUCT(CaseOut, (),
                      (id, kind, object, subject, origin, category, state, title, words, path, reports,
                       opened_at, due_at, overdue, closed_at, claimed_by))
constexpr auto api_fields(const CaseOut*) {
    return std::to_array<api::Field>({
        {.name = "category", .says = "The gravest that was named."},
        {.name = "state", .says = "proposed: a decision waits for a second person."},
        {.name = "words", .says = "As they were when the case was opened."},
        {.name = "path", .says = "Where it stands on the site."},
    });
}

struct DecisionOut {
    DecisionId id;
    CaseId case_id;
    Measure measure = Measure::dismiss;
    DecisionState state = DecisionState::in_force;
    std::string reason;
    Timestamp made_at;
    std::optional<Timestamp> ends_at;
    std::optional<PersonId> made_by, confirmed_by;
};
BOOST_DESCRIBE_STRUCT(DecisionOut, (),
                      (id, case_id, measure, state, reason, made_at, ends_at, made_by, confirmed_by))

struct CaseReportOut {
    ReportId id;
    Category category = Category::other;
    std::string words;
    std::optional<PersonId> reporter;
    Timestamp made_at;
};
BOOST_DESCRIBE_STRUCT(CaseReportOut, (), (id, category, words, reporter, made_at))
constexpr auto api_fields(const CaseReportOut*) {
    return std::to_array<api::Field>({{.name = "reporter", .says = "Null: somebody who was not signed in."}});
}

struct CaseNoteOut {
    NoteId id;
    PersonId author;
    std::string text;
    Timestamp made_at;
};
BOOST_DESCRIBE_STRUCT(CaseNoteOut, (), (id, author, text, made_at))

struct CaseFileOut {
    CaseOut about;
    std::vector<CaseReportOut> reports;
    std::vector<CaseNoteOut> notes;
    std::vector<DecisionOut> decisions, earlier;
};
BOOST_DESCRIBE_STRUCT(CaseFileOut, (), (about, reports, notes, decisions, earlier))
constexpr auto api_fields(const CaseFileOut*) {
    return std::to_array<api::Field>({{.name = "earlier", .says = "About the same person, in other cases."}});
}

struct NoteIn {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(NoteIn, (), (text))
constexpr auto api_fields(const NoteIn*) {
    return std::to_array<api::Field>({{.name = "text", .min = 1, .max = kMostWords}});
}

struct DecisionIn {
    Measure measure;
    std::optional<std::string> reason, rating;
    std::optional<std::int64_t> days, hours;
    std::optional<bool> keep_open;
};
BOOST_DESCRIBE_STRUCT(DecisionIn, (), (measure, reason, rating, days, hours, keep_open))
constexpr auto api_fields(const DecisionIn*) {
    return std::to_array<api::Field>({
        {.name = "reason", .says = "As the person is told; needed for all but `dismiss`.", .max = kMostWords},
        {.name = "rating", .says = "Of `rerate`: teen or mature.", .max = 10},
        {.name = "days", .says = "How long it lasts; without days and hours it has no end."},
        {.name = "keep_open", .says = "The case stays open for another decision."},
    });
}

struct WhyIn {
    std::string why;
};
BOOST_DESCRIBE_STRUCT(WhyIn, (), (why))
constexpr auto api_fields(const WhyIn*) {
    return std::to_array<api::Field>({{.name = "why", .min = 1, .max = kMostWords}});
}

struct NoticeOut {
    NoticeId id;
    NoticeKind what = NoticeKind::decided;
    std::string says;
    std::optional<DecisionId> decision;
    std::optional<std::string> reason;
    Timestamp made_at;
    bool may_appeal = false;
};
BOOST_DESCRIBE_STRUCT(NoticeOut, (), (id, what, says, decision, reason, made_at, may_appeal))
constexpr auto api_fields(const NoticeOut*) {
    return std::to_array<api::Field>({{.name = "says", .says = "In the language of the request."}});
}

struct AppealIn {
    std::string words;
};
BOOST_DESCRIBE_STRUCT(AppealIn, (), (words))
constexpr auto api_fields(const AppealIn*) {
    return std::to_array<api::Field>(
        {{.name = "words", .says = "Why it is wrong.", .min = 1, .max = kMostWords}});
}
struct AppealMadeOut {
    AppealId id;
};
BOOST_DESCRIBE_STRUCT(AppealMadeOut, (), (id))

struct AppealOut {
    AppealId id;
    DecisionId decision;
    PersonId subject;
    AppealState state = AppealState::open;
    std::string words;
    Timestamp made_at, due_at;
};
BOOST_DESCRIBE_STRUCT(AppealOut, (), (id, decision, subject, state, words, made_at, due_at))

struct AppealDecisionIn {
    AppealState state;
    std::string answer;
};
BOOST_DESCRIBE_STRUCT(AppealDecisionIn, (), (state, answer))
constexpr auto api_fields(const AppealDecisionIn*) {
    return std::to_array<api::Field>({
        {.name = "state", .says = "upheld: the decision stands; overturned: it is taken back."},
        {.name = "answer", .says = "To the person who appealed.", .min = 1, .max = kMostWords},
    });
}

namespace {

constexpr int kUsual = 20;

Error pointed(Error error) {
    for (FieldError& field : error.fields) {
        if (field.field == "note") field.field = "text";
        if (!field.field.starts_with('/')) field.field.insert(0, 1, '/');
    }
    return error;
}

template <class T>
Result<T> pointed(Result<T> result) {
    if (!result.ok()) return pointed(std::move(result).error());
    return result;
}

std::optional<PersonId> somebody(PersonId id) {
    return id ? std::optional(id) : std::nullopt;
}

CaseOut out_of(const CaseRow& row, Timestamp now) {
    CaseOut out{.id = row.id,
                .kind = row.kind,
                .object = id_to_text(row.object),
                .subject = somebody(row.subject),
                .origin = row.origin,
                .category = row.category,
                .state = row.state,
                .title = row.title,
                .words = row.words,
                .path = row.href,
                .reports = row.reports,
                .opened_at = row.opened_at,
                .due_at = row.due_at,
                .overdue = row.state != CaseState::closed && row.due_at < now,
                .claimed_by = somebody(row.claimed_by)};
    if (row.closed_at.micros != 0) out.closed_at = row.closed_at;
    return out;
}

DecisionOut out_of(const DecisionRow& row) {
    DecisionOut out{.id = row.id,
                    .case_id = row.case_id,
                    .measure = row.measure,
                    .state = row.state,
                    .reason = row.reason,
                    .made_at = row.made_at,
                    .made_by = somebody(row.made_by),
                    .confirmed_by = somebody(row.confirmed_by)};
    if (row.ends_at.micros != 0) out.ends_at = row.ends_at;
    return out;
}

// ---- For everybody

void declare_public(api::Api& api, Service& service) {
    api.post("/api/v1/reports", action<Report>(), "report", "Report something")
        .says("Anybody may, also without signing in. What you may not see is not found.")
        .tag("moderation")
        .body<ReportIn>()
        .returns<ReportOut>(201, "It is with the moderators")
        .errors({404})
        .per_minute(10)
        .handle([&service](const Request& request, const ReportIn& in) -> Result<api::Reply<ReportOut>> {
            ReportForm form{.kind = in.kind,
                            .category = std::string(sql::detail::enum_name(in.category)),
                            .words = in.words.value_or(""),
                            .where = in.where.value_or("")};
            if (in.object) {
                const auto id = id_from_text(*in.object);
                if (!id) return not_found("malformed id");
                form.object = *id;
            }
            return api::Reply<ReportOut>{.value = {TRY(pointed(service.report(actor_of(request), form)))},
                                         .status = 201};
        });
    api.get("/api/v1/me/notices", action<SeeNotices>(), "listNotices", "What moderators told you")
        .tag("moderation")
        .returns_page<NoticeOut>("Newest first")
        .cost(http::Cost::waits)
        .handle([&service](const Request& request) -> Result<api::Page<NoticeOut>> {
            const auto [text, limit] = api::page_of(request, kUsual);
            std::optional<NoticeId> before;
            if (!text.empty()) {
                before = NoticeId::parse(text);
                if (!before) return api::bad_cursor();
            }
            const auto told = TRY(service.notices(actor_of(request), before, limit + 1));
            const auto& context = shell::context_of(request);
            api::Page<NoticeOut> page;
            for (const Told& one : told) {
                if (static_cast<int>(page.items.size()) == limit) {
                    page.next = page.items.back().id.text();
                    break;
                }
                const DecisionRow* decision = one.decision ? &*one.decision : nullptr;
                NoticeOut out{.id = one.notice.id,
                              .what = one.notice.what,
                              .says = notice_sentence(context.language, one.notice.what, decision, one.title,
                                                      service.now()),
                              .made_at = one.notice.made_at,
                              .may_appeal = one.may_appeal};
                if (decision != nullptr) {
                    out.decision = decision->id;
                    out.reason = decision->reason;
                }
                page.items.push_back(std::move(out));
            }
            return page;
        });
    api.post("/api/v1/me/decisions/{decision:id}/appeal", action<Appeal>(), "appeal",
             "Appeal against a decision about you")
        .tag("moderation")
        .body<AppealIn>()
        .returns<AppealMadeOut>(201, "Somebody else will look at it")
        .errors({409})
        .per_minute(10)
        .handle([&service](const Request& request, const AppealIn& in) -> Result<api::Reply<AppealMadeOut>> {
            return api::Reply<AppealMadeOut>{
                .value = {TRY(pointed(
                    service.appeal(actor_of(request), request.path_id<DecisionId>("decision"), in.words)))},
                .status = 201};
        });
}

// ---- For moderators

void declare_cases(api::Api& api, Service& service) {
    api.get("/api/v1/moderation/cases", action<SeeQueue>(), "listCases", "What waits for moderators")
        .tag("moderation")
        .query({.name = "list",
                .says = "`open` (the usual), `mine`, `proposed` or `closed`.",
                .one_of = {"open", "mine", "proposed", "closed"}})
        .returns_page<CaseOut>("The first due first; closed ones newest first")
        .errors({404})  // to whoever is not staff
        .handle([&service](const Request& request) -> Result<api::Page<CaseOut>> {
            const auto [text, limit] = api::page_of(request, kUsual);
            std::optional<Place> after;
            if (!text.empty()) {
                after = Place::parse(text);
                if (!after) return api::bad_cursor();
            }
            const std::string_view list = request.query.get("list");
            return service.database().read([&](sql::Reader& reader) -> Result<api::Page<CaseOut>> {
                const auto permit = TRY(access::permit<SeeQueue>(actor_of(request), {}));
                const bool over = list == "closed";
                const auto rows =
                    over ? store::closed(reader, permit, after, limit + 1)
                         : store::queue(
                               reader, permit, list == "mine" ? store::Whose::mine : store::Whose::anybodys,
                               list == "proposed" ? std::optional(CaseState::proposed) : std::nullopt, after,
                               limit + 1);
                api::Page<CaseOut> page;
                for (const CaseRow& row : rows) {
                    if (static_cast<int>(page.items.size()) == limit) {
                        const CaseRow& last = rows[static_cast<std::size_t>(limit) - 1];
                        page.next =
                            Place{over ? last.closed_at.micros : last.due_at.micros, last.id.value}.text();
                        break;
                    }
                    page.items.push_back(out_of(row, service.now()));
                }
                return page;
            });
        });
    api.get("/api/v1/moderation/cases/{case:id}", action<OpenCase>(), "openCase", "A case")
        .says("That you looked at it is written to the audit log.")
        .tag("moderation")
        .returns<CaseFileOut>(200, "The case with its reports, notes and decisions")
        .cost(http::Cost::waits)
        .handle([&service](const Request& request) -> Result<CaseFileOut> {
            const CaseFile file = TRY(service.open_case(actor_of(request), request.path_id<CaseId>("case")));
            CaseFileOut out{.about = out_of(file.row, service.now())};
            for (const ReportRow& row : file.reports)
                out.reports.push_back({row.id, row.category, row.words, somebody(row.reporter), row.made_at});
            for (const NoteRow& row : file.notes)
                out.notes.push_back({row.id, row.author, row.text, row.made_at});
            for (const DecisionRow& row : file.decisions)
                out.decisions.push_back(out_of(row));
            for (const DecisionRow& row : file.about_subject)
                out.earlier.push_back(out_of(row));
            return out;
        });
    api.put("/api/v1/moderation/cases/{case:id}/claim", action<HandleCase>(), "claimCase", "Take a case")
        .tag("moderation")
        .returns<void>(204, "It is yours")
        .errors({409})
        .handle([&service](const Request& request) -> Result<void> {
            return service.claim_case(actor_of(request), request.path_id<CaseId>("case"));
        });
    api.del("/api/v1/moderation/cases/{case:id}/claim", action<HandleCase>(), "releaseCase",
            "Leave a case to others")
        .tag("moderation")
        .returns<void>(204, "It is nobody's")
        .errors({409})
        .handle([&service](const Request& request) -> Result<void> {
            return service.release_case(actor_of(request), request.path_id<CaseId>("case"));
        });
    api.post("/api/v1/moderation/cases/{case:id}/notes", action<HandleCase>(), "addCaseNote",
             "Write a note for the other moderators")
        .tag("moderation")
        .body<NoteIn>()
        .returns<void>(204, "It stands with the case")
        .handle([&service](const Request& request, const NoteIn& in) -> Result<void> {
            return pointed(service.add_note(actor_of(request), request.path_id<CaseId>("case"), in.text));
        });
    api.post("/api/v1/moderation/cases/{case:id}/decisions", action<Decide>(), "decideCase", "Decide")
        .says(
            "An account or work that is removed and a suspension of more than 30 days are `proposed`: "
            "another moderator "
            "confirms them.")
        .tag("moderation")
        .body<DecisionIn>()
        .returns<DecisionOut>(201, "The decision")
        .errors({409})
        .handle([&service](const Request& request, const DecisionIn& in) -> Result<api::Reply<DecisionOut>> {
            const DecisionForm form{.measure = std::string(sql::detail::enum_name(in.measure)),
                                    .reason = in.reason.value_or(""),
                                    .rating = in.rating.value_or(""),
                                    .days = in.days.value_or(0),
                                    .hours = in.hours.value_or(0),
                                    .keep_open = in.keep_open.value_or(false)};
            return api::Reply<DecisionOut>{.value = out_of(TRY(pointed(service.decide_case(
                                               actor_of(request), request.path_id<CaseId>("case"), form)))),
                                           .status = 201};
        });
}

void declare_decisions(api::Api& api, Service& service) {
    const std::string decision = "/api/v1/moderation/decisions/{decision:id}";
    api.post(decision + "/confirm", action<ConfirmDecision>(), "confirmDecision",
             "Confirm what another moderator proposed")
        .tag("moderation")
        .returns<void>(204, "It is in force")
        .errors({409})
        .handle([&service](const Request& request) -> Result<void> {
            return service.confirm_decision(actor_of(request), request.path_id<DecisionId>("decision"));
        });
    api.post(decision + "/refuse", action<ConfirmDecision>(), "refuseDecision",
             "Say no to what another moderator proposed, or take back your own proposal")
        .tag("moderation")
        .body<WhyIn>()
        .returns<void>(204, "The case is open again")
        .errors({409})
        .handle([&service](const Request& request, const WhyIn& in) -> Result<void> {
            return pointed(
                service.refuse_decision(actor_of(request), request.path_id<DecisionId>("decision"), in.why));
        });
    api.post(decision + "/lift", action<LiftDecision>(), "liftDecision", "End a decision before its time")
        .tag("moderation")
        .body<WhyIn>()
        .returns<void>(204, "It is over")
        .errors({409})
        .handle([&service](const Request& request, const WhyIn& in) -> Result<void> {
            return pointed(
                service.lift_decision(actor_of(request), request.path_id<DecisionId>("decision"), in.why));
        });
    api.get("/api/v1/moderation/appeals", action<SeeQueue>(), "listAppeals", "Appeals that wait")
        .tag("moderation")
        .returns_page<AppealOut>("The first due first")
        .errors({404})  // to whoever is not staff
        .handle([&service](const Request& request) -> Result<api::Page<AppealOut>> {
            const auto [text, limit] = api::page_of(request, kUsual);
            std::optional<Place> after;
            if (!text.empty()) {
                after = Place::parse(text);
                if (!after) return api::bad_cursor();
            }
            return service.database().read([&](sql::Reader& reader) -> Result<api::Page<AppealOut>> {
                const auto permit = TRY(access::permit<SeeQueue>(actor_of(request), {}));
                api::Page<AppealOut> page;
                for (AppealRow& row : store::open_appeals(reader, permit, after, limit + 1)) {
                    if (static_cast<int>(page.items.size()) == limit) {
                        const AppealOut& last = page.items.back();
                        page.next = Place{last.due_at.micros, last.id.value}.text();
                        break;
                    }
                    page.items.push_back({row.id, row.decision, row.subject, row.state, std::move(row.words),
                                          row.made_at, row.due_at});
                }
                return page;
            });
        });
    api.post("/api/v1/moderation/appeals/{appeal:id}", action<DecideAppeal>(), "decideAppeal",
             "Answer an appeal")
        .says("Not for the moderators who decided or confirmed it.")
        .tag("moderation")
        .body<AppealDecisionIn>()
        .returns<void>(204, "The person is told")
        .errors({409})
        .handle([&service](const Request& request, const AppealDecisionIn& in) -> Result<void> {
            return pointed(service.decide_appeal(actor_of(request), request.path_id<AppealId>("appeal"),
                                                 in.state, in.answer));
        });
}

}  // namespace

void declare_api(api::Api& api, Service& service) {
    declare_public(api, service);
    declare_cases(api, service);
    declare_decisions(api, service);
}

}  // namespace braid::moderation
