// The queue, a case, an appeal: for moderators.
#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "platform/i18n/i18n.h"
#include "stewardship/moderation/case.html.h"
#include "stewardship/moderation/pages.h"
#include "stewardship/moderation/queue.html.h"
#include "stewardship/moderation/words.h"

namespace braid::moderation {

using access::action;
using access::actor_of;
using http::Request;
using http::Response;

namespace {

constexpr int kPerPage = 30;
constexpr std::size_t kWordsInList = 160;

bool belongs_to_form(const Error& error) {
    return error.code == ErrorCode::invalid && !error.fields.empty();
}

bool is_grave(Category category) {
    return category == Category::imminent_harm || category == Category::grooming;
}

std::string_view band_key(access::AgeBand band) {
    switch (band) {
        case access::AgeBand::child:
            return _msg("moderation.band.child");
        case access::AgeBand::teen:
            return _msg("moderation.band.teen");
        case access::AgeBand::adult:
            return _msg("moderation.band.adult");
    }
    return {};
}

std::string_view hold_key(Hold hold) {
    switch (hold) {
        case Hold::none:
            return {};
        case Hold::waiting:
            return _msg("moderation.hold.waiting");
        case Hold::hidden:
            return _msg("moderation.hold.hidden");
        case Hold::removed:
            return _msg("moderation.hold.removed");
    }
    return {};
}

// Names beside ids, asked for once per page.
class People {
  public:
    People(sql::Session& session, const Service& service, i18n::Language language, std::vector<PersonId> ids)
        : language_(language) {
        std::ranges::sort(ids);
        const auto repeated = std::ranges::unique(ids);
        ids.erase(repeated.begin(), repeated.end());
        std::erase(ids, PersonId{});
        if (ids.empty()) return;
        for (auto& card : service.accounts().cards(session, ids))
            cards_.emplace(card.id, std::move(card));
    }
    [[nodiscard]] std::string name(PersonId id, std::string_view nobody) const {
        if (!id) return i18n::format(language_, nobody);
        const auto found = cards_.find(id);
        return found == cards_.end() ? i18n::format(language_, _msg("moderation.gone_account"))
                                     : found->second.display_name;
    }
    [[nodiscard]] Side side(PersonId id) const {
        Side side;
        side.name = name(id, _msg("moderation.nobody"));
        if (const auto found = cards_.find(id); found != cards_.end()) {
            side.href = "/people/" + found->second.handle;
            side.name += " (@" + found->second.handle + ")";
            side.band = band_key(found->second.band);
        }
        return side;
    }

  private:
    i18n::Language language_;
    std::unordered_map<PersonId, accounts::PersonCard> cards_;
};

std::string_view origin_key(Origin origin) {
    return origin == Origin::contact ? std::string_view(_msg("moderation.contact"))
           : origin == Origin::words ? std::string_view(_msg("moderation.listed_word"))
                                     : std::string_view(_msg("moderation.first_post"));
}

QueueLine line_of(const Request& request, const Service& service, const CaseRow& row, const People& people) {
    const shell::PageContext& context = shell::context_of(request);
    QueueLine line;
    line.url = "/moderation/cases/" + row.id.text();
    line.title = row.title;
    line.words = ellipsis(row.words, kWordsInList);
    const Kind* kind = service.kinds().find(row.kind);
    line.kind = kind != nullptr ? kind->label() : std::string_view(_msg("moderation.kind.elsewhere"));
    line.category = row.origin == Origin::report ? category_key(row.category) : origin_key(row.origin);
    line.grave = row.origin == Origin::report && is_grave(row.category);
    line.proposed = row.state == CaseState::proposed;
    line.reports = row.reports;
    line.at = row.state == CaseState::closed ? row.closed_at : row.opened_at;
    if (row.state != CaseState::closed) {
        line.overdue = row.due_at < context.now;
        line.due = time_left(context.language, row.due_at, context.now);
    }
    line.mine = actor_of(request).is(row.claimed_by);
    if (row.claimed_by && !line.mine)
        line.claimed_by = people.name(row.claimed_by, _msg("moderation.nobody"));
    return line;
}

// ---- The queue

std::optional<Tab> parse_tab(std::string_view text) {
    if (text.empty() || text == "open") return Tab::open;
    if (text == "mine") return Tab::mine;
    if (text == "proposed") return Tab::proposed;
    if (text == "appeals") return Tab::appeals;
    if (text == "closed") return Tab::closed;
    return std::nullopt;
}

std::vector<CaseRow> cases_of(sql::Session& session, const access::Permit<SeeQueue>& permit, Tab tab,
                              std::optional<Place> after) {
    switch (tab) {
        case Tab::open:
            return store::queue(session, permit, store::Whose::anybodys, std::nullopt, after, kPerPage + 1);
        case Tab::mine:
            return store::queue(session, permit, store::Whose::mine, std::nullopt, after, kPerPage + 1);
        case Tab::proposed:
            return store::queue(session, permit, store::Whose::anybodys, CaseState::proposed, after,
                                kPerPage + 1);
        case Tab::closed:
            return store::closed(session, permit, after, kPerPage + 1);
        case Tab::appeals:
            break;
    }
    return {};
}

void fill_appeals(sql::Session& session, const Request& request, const Service& service,
                  const access::Permit<SeeQueue>& permit, std::optional<Place> after, QueuePage& page) {
    const shell::PageContext& context = shell::context_of(request);
    auto appeals = store::open_appeals(session, permit, after, kPerPage + 1);
    if (appeals.size() > kPerPage) {
        appeals.resize(kPerPage);
        page.next_url = "/moderation?tab=appeals&after=" +
                        Place{appeals.back().due_at.micros, appeals.back().id.value}.text();
    }
    std::vector<PersonId> ids;
    for (const AppealRow& appeal : appeals)
        ids.push_back(appeal.subject);
    const People people(session, service, context.language, std::move(ids));
    for (const AppealRow& appeal : appeals) {
        QueueLine& line = page.lines.emplace_back();
        line.url = "/moderation/appeals/" + appeal.id.text();
        line.title = i18n::format(context.language, _msg("moderation.appeal_case.title"),
                                  {{"name", people.name(appeal.subject, _msg("moderation.nobody"))}});
        line.words = ellipsis(appeal.words, kWordsInList);
        line.category = _msg("moderation.queue.appeal");
        line.at = appeal.made_at;
        line.overdue = appeal.due_at < context.now;
        line.due = time_left(context.language, appeal.due_at, context.now);
        if (const auto decision = store::decision(session, appeal.decision))
            line.kind = measure_key(decision->measure);
    }
}

Result<Response> queue(const Request& request, Service& service, const std::function<bool()>& has_holds) {
    const std::string tab_name(request.query.get("tab"));
    const auto tab = parse_tab(tab_name);
    if (!tab) return not_found("no such list");
    std::optional<Place> after;
    if (const auto text = request.query.find("after")) {
        after = Place::parse(*text);
        if (!after) return not_found("malformed position");
    }
    QueuePage page;
    page.tab = *tab;
    page.has_holds = has_holds && has_holds();
    page.frame = shell::frame(request, shell::text(request, _msg("moderation.queue.title")));
    const std::string base = *tab == Tab::open ? "/moderation?" : "/moderation?tab=" + tab_name + "&";
    if (after) page.first_url = base.substr(0, base.size() - 1);
    TRY(service.database().read([&](sql::Reader& reader) -> Result<void> {
        const auto permit = TRY(access::permit<SeeQueue>(actor_of(request), {}));
        page.counts = store::queue_counts(reader, permit, service.now());
        if (*tab == Tab::appeals) {
            fill_appeals(reader, request, service, permit, after, page);
            return success();
        }
        auto rows = cases_of(reader, permit, *tab, after);
        if (rows.size() > kPerPage) {
            rows.resize(kPerPage);
            const CaseRow& last = rows.back();
            page.next_url =
                base + "after=" +
                Place{*tab == Tab::closed ? last.closed_at.micros : last.due_at.micros, last.id.value}.text();
        }
        std::vector<PersonId> ids;
        for (const CaseRow& row : rows)
            ids.push_back(row.claimed_by);
        const People people(reader, service, shell::context_of(request).language, std::move(ids));
        for (const CaseRow& row : rows)
            page.lines.push_back(line_of(request, service, row, people));
        return success();
    }));
    return shell::page(request, 200, [&](html::Out& out) { queue_page(out, page); });
}

// ---- A case

DecisionView decision_view(const Request& request, const DecisionRow& row, const People& people) {
    const i18n::Language language = shell::context_of(request).language;
    const Actor& actor = actor_of(request);
    DecisionView view;
    view.id = row.id.text();
    view.measure = measure_key(row.measure);
    view.state = decision_state_key(row.state);
    view.reason = row.reason;
    view.by = people.name(row.made_by, _msg("moderation.the_operator"));
    if (row.confirmed_by) view.confirmed_by = people.name(row.confirmed_by, _msg("moderation.nobody"));
    if (row.ends_at.micros > 0) view.until = i18n::moment(language, row.ends_at);
    view.at = row.made_at;
    view.proposed = row.state == DecisionState::proposed;
    view.in_force = row.state == DecisionState::in_force;
    view.may_confirm = view.proposed && decide(ConfirmDecision{}, actor, row.facts()).allowed();
    view.may_take_back = view.proposed && actor.is(row.made_by);
    return view;
}

std::vector<shell::Choice> measures_for(const CaseFile& file, const Kind* kind) {
    std::vector<shell::Choice> choices;
    const bool waits = file.now && file.now->hold == Hold::waiting;
    for (std::size_t i = 0; i < kMeasures; ++i) {
        const auto measure = static_cast<Measure>(i);
        if (is_about_object(measure) && (kind == nullptr || !kind->takes(measure) || !file.now)) continue;
        if (!is_about_object(measure) && measure != Measure::dismiss && !file.row.subject) continue;
        static constexpr std::array<std::string_view, kMeasures> hints{
            _msg("moderation.measure_hint.dismiss"), _msg("moderation.measure_hint.warn"),
            _msg("moderation.measure_hint.hide"),    _msg("moderation.measure_hint.rerate"),
            _msg("moderation.measure_hint.quiet"),   _msg("moderation.measure_hint.suspend"),
            _msg("moderation.measure_hint.remove"),  _msg("moderation.measure_hint.remove_account")};
        choices.push_back(
            {sql::detail::enum_name(measure),
             waits && measure == Measure::dismiss ? std::string_view(_msg("moderation.let_through"))
                                                  : measure_key(measure),
             waits && measure == Measure::dismiss ? std::string_view(_msg("moderation.let_through_hint"))
                                                  : hints[i]});
    }
    return choices;
}

std::string standing_words(i18n::Language language, const accounts::Restrictions& standing, Timestamp now) {
    if (standing.face == accounts::Face::removed)
        return i18n::format(language, _msg("moderation.standing.removed"));
    std::string words;
    if (standing.suspended(now))
        words = standing.suspended_until >= accounts::kNoEnd
                    ? i18n::format(language, _msg("moderation.standing.suspended_for_good"))
                    : i18n::format(language, _msg("moderation.standing.suspended"),
                                   {{"until", i18n::moment(language, standing.suspended_until)}});
    if (standing.quiet(now))
        words += (words.empty() ? "" : " ") +
                 i18n::format(language, _msg("moderation.standing.quiet"),
                              {{"until", i18n::moment(language, standing.quiet_until)}});
    return words;
}

std::vector<PersonId> people_in(const CaseFile& file) {
    std::vector<PersonId> ids{file.row.subject, file.row.claimed_by};
    for (const ReportRow& report : file.reports)
        ids.push_back(report.reporter);
    for (const NoteRow& note : file.notes)
        ids.push_back(note.author);
    for (const auto* decisions : {&file.decisions, &file.about_subject}) {
        for (const DecisionRow& decision : *decisions) {
            ids.push_back(decision.made_by);
            ids.push_back(decision.confirmed_by);
        }
    }
    for (const CaseRow& other : file.other_cases)
        ids.push_back(other.claimed_by);
    return ids;
}

void fill_head(const Request& request, const Service& service, const CaseFile& file, const People& people,
               CasePage& page) {
    const shell::PageContext& context = shell::context_of(request);
    const CaseRow& row = file.row;
    const Kind* kind = service.kinds().find(row.kind);
    page.id = row.id.text();
    page.url = "/moderation/cases/" + page.id;
    page.title = row.title;
    page.kind = kind != nullptr ? kind->label() : std::string_view(_msg("moderation.kind.elsewhere"));
    page.origin = row.origin;
    page.category = row.origin == Origin::report ? category_key(row.category) : origin_key(row.origin);
    page.grave = row.origin == Origin::report && is_grave(row.category);
    for (const works::ContactDetail& one : file.contact)
        page.contact.push_back({std::string(contact::kind_key(one.detail.kind)), one.detail.words,
                                one.detail.around, one.chapter});
    for (const Listed& one : file.listed)
        page.listed.push_back({{}, one.word, one.around, one.where});
    page.state = row.state;
    page.overdue = row.state != CaseState::closed && row.due_at < context.now;
    page.due = time_left(context.language, row.due_at, context.now);
    // A link only where the moderator would find it: what is held is not there for her either.
    if (!file.now || file.now->hold == Hold::none) page.href = row.href;
    page.words_then = row.words;
    page.gone = kind != nullptr && !file.now;
    if (file.now) {
        page.hold = hold_key(file.now->hold);
        page.words_now = file.now->words;
        if (page.words_then.empty()) page.words_then = page.words_now;
        page.changed = !page.words_now.empty() && page.words_now != page.words_then;
    }
    page.mine = actor_of(request).is(row.claimed_by);
    if (row.claimed_by) page.claimed_by = people.name(row.claimed_by, _msg("moderation.nobody"));
    page.may_handle = file.may_handle;
    page.may_decide = file.may_handle && row.state == CaseState::open && (!row.claimed_by || page.mine);
    page.measures = measures_for(file, kind);
}

Result<Response> show_case(const Request& request, Service& service, int status, CasePage page) {
    const CaseFile file = TRY(service.open_case(actor_of(request), request.path_id<CaseId>("case")));
    const shell::PageContext& context = shell::context_of(request);
    service.database().read([&](sql::Reader& reader) {
        const People people(reader, service, context.language, people_in(file));
        fill_head(request, service, file, people, page);
        page.has_subject = static_cast<bool>(file.row.subject);
        if (page.has_subject) page.subject = people.side(file.row.subject);
        if (file.standing) page.standing = standing_words(context.language, *file.standing, context.now);
        for (const ReportRow& report : file.reports) {
            ReportView& view = page.reports.emplace_back();
            view.category = category_key(report.category);
            view.words = report.words;
            view.at = report.made_at;
            view.reporter = people.name(report.reporter, _msg("moderation.a_visitor"));
            view.reporter_href = people.side(report.reporter).href;
        }
        for (const CaseFile::ReporterSide& reporter : file.reporters) {
            Side& side = page.reporters.emplace_back(people.side(reporter.person));
            side.reports = reporter.history.reports;
            side.acted_on = reporter.history.acted_on;
        }
        for (const NoteRow& note : file.notes)
            page.notes.push_back(
                {people.name(note.author, _msg("moderation.nobody")), note.text, note.made_at});
        for (const DecisionRow& decision : file.decisions)
            page.decisions.push_back(decision_view(request, decision, people));
        for (const DecisionRow& decision : file.about_subject) {
            DecisionView& view = page.earlier.emplace_back(decision_view(request, decision, people));
            view.proposed = view.in_force = false;  // decided in their own case
            view.url = "/moderation/cases/" + decision.case_id.text();
            const auto about = store::find_case(reader, decision.case_id);
            view.title = about ? about->title : std::string();
        }
        for (const CaseRow& other : file.other_cases) {
            if (other.state != CaseState::closed)
                page.others.push_back(line_of(request, service, other, people));
        }
    });
    if (file.appeal) page.appeal_url = "/moderation/appeals/" + file.appeal->id.text();
    page.frame = shell::frame(
        request, page.title.empty() ? shell::text(request, _msg("moderation.queue.untitled")) : page.title);
    return shell::page(request, status, [&](html::Out& out) { case_page(out, page); });
}

Result<Response> open(const Request& request, Service& service) {
    return show_case(request, service, 200, {});
}

std::string back_to(const Request& request) {
    return "/moderation/cases/" + request.path_id<CaseId>("case").text();
}

Result<Response> claim(const Request& request, Service& service) {
    TRY(service.claim_case(actor_of(request), request.path_id<CaseId>("case")));
    return shell::redirect_with(request, back_to(request), _msg("moderation.case.claimed"));
}

Result<Response> release(const Request& request, Service& service) {
    TRY(service.release_case(actor_of(request), request.path_id<CaseId>("case")));
    return shell::redirect_with(request, back_to(request), _msg("moderation.case.released"));
}

Result<Response> assign(const Request& request, Service& service) {
    const auto done =
        service.assign_case(actor_of(request), request.path_id<CaseId>("case"), request.form.get("to"));
    if (done.ok()) return shell::redirect_with(request, back_to(request), _msg("moderation.case.assigned"));
    if (!belongs_to_form(done.error())) return done.error();
    CasePage page;
    page.error = &done.error();
    return show_case(request, service, 422, std::move(page));
}

Result<Response> note(const Request& request, Service& service) {
    const auto done =
        service.add_note(actor_of(request), request.path_id<CaseId>("case"), request.form.get("note"));
    if (done.ok()) return shell::redirect_with(request, back_to(request), _msg("moderation.case.noted"));
    if (!belongs_to_form(done.error())) return done.error();
    CasePage page;
    page.note = request.form.get("note");
    page.error = &done.error();
    return show_case(request, service, 422, std::move(page));
}

Result<Response> decide_case(const Request& request, Service& service) {
    const http::Fields& form = request.form.fields;
    const std::string_view days = trim(form.get("days"));
    DecisionForm typed{.measure = std::string(form.get("measure")),
                       .reason = std::string(form.get("reason")),
                       .rating = std::string(form.get("rating")),
                       .days = days.empty() ? 0 : parse_integer(days).value_or(-1),
                       .keep_open = form.get("keep_open") == "1"};
    const auto done = service.decide_case(actor_of(request), request.path_id<CaseId>("case"), typed);
    if (done.ok())
        return shell::redirect_with(request, back_to(request),
                                    done->state == DecisionState::proposed ? _msg("moderation.case.proposed")
                                                                           : _msg("moderation.case.decided"));
    if (!belongs_to_form(done.error())) return done.error();
    CasePage page;
    page.typed = std::move(typed);
    page.error = &done.error();
    return show_case(request, service, 422, std::move(page));
}

// ---- Decisions

Result<std::string> case_of(Service& service, DecisionId id) {
    const auto row =
        service.database().read([&](sql::Reader& reader) { return store::decision(reader, id); });
    if (!row) return not_found("no such decision");
    return "/moderation/cases/" + row->case_id.text();
}

Result<Response> confirm(const Request& request, Service& service) {
    const auto id = request.path_id<DecisionId>("decision");
    TRY(service.confirm_decision(actor_of(request), id));
    return shell::redirect_with(request, TRY(case_of(service, id)), _msg("moderation.case.confirmed"));
}

Result<Response> refuse(const Request& request, Service& service) {
    const auto id = request.path_id<DecisionId>("decision");
    TRY(service.refuse_decision(actor_of(request), id, request.form.get("why")));
    return shell::redirect_with(request, TRY(case_of(service, id)), _msg("moderation.case.refused"));
}

Result<Response> lift(const Request& request, Service& service) {
    const auto id = request.path_id<DecisionId>("decision");
    TRY(service.lift_decision(actor_of(request), id, request.form.get("why")));
    return shell::redirect_with(request, TRY(case_of(service, id)), _msg("moderation.case.lifted"));
}

// ---- Appeals

Result<Response> show_appeal(const Request& request, Service& service, int status, std::string answer,
                             const Error* error) {
    const auto id = request.path_id<AppealId>("appeal");
    const Service::AppealFile file = TRY(service.open_appeal(actor_of(request), id));
    const shell::PageContext& context = shell::context_of(request);
    AppealCasePage page;
    page.frame = shell::frame(request, shell::text(request, _msg("moderation.tab.appeals")));
    page.action = "/moderation/appeals/" + id.text();
    page.case_url = "/moderation/cases/" + file.about.id.text();
    page.title = file.about.title;
    page.words = file.appeal.words;
    page.state = file.appeal.state;
    page.answer = file.appeal.state == AppealState::open ? answer : file.appeal.answer;
    page.may_decide = file.may_decide;
    page.overdue = file.appeal.due_at < context.now;
    page.due = time_left(context.language, file.appeal.due_at, context.now);
    page.error = error;
    service.database().read([&](sql::Reader& reader) {
        const People people(reader, service, context.language,
                            {file.appeal.subject, file.decision.made_by, file.decision.confirmed_by});
        page.subject = people.name(file.appeal.subject, _msg("moderation.nobody"));
        page.decision = decision_view(request, file.decision, people);
    });
    return shell::page(request, status, [&](html::Out& out) { appeal_case_page(out, page); });
}

Result<Response> appeal_form(const Request& request, Service& service) {
    return show_appeal(request, service, 200, {}, nullptr);
}

Result<Response> decide_appeal(const Request& request, Service& service) {
    const auto id = request.path_id<AppealId>("appeal");
    const std::string_view wanted = request.form.get("state");
    const AppealState state = wanted == "upheld"       ? AppealState::upheld
                              : wanted == "overturned" ? AppealState::overturned
                                                       : AppealState::open;
    const auto done = service.decide_appeal(actor_of(request), id, state, request.form.get("answer"));
    if (done.ok())
        return shell::redirect_with(request, "/moderation/appeals/" + id.text(),
                                    _msg("moderation.appeal_case.decided"));
    if (!belongs_to_form(done.error())) return done.error();
    return show_appeal(request, service, 422, std::string(request.form.get("answer")), &done.error());
}

}  // namespace

void add_staff_pages(http::Router& router, Service& service, const std::function<bool()>& has_holds) {
    const auto bind = [&service](auto handler) {
        return [&service, handler](const Request& request) { return handler(request, service); };
    };
    const http::RouteOptions form{.max_body = 64 << 10, .per_minute = 120};
    // A look at private content is written down, so these rows wait for a commit.
    const http::RouteOptions looks{.cost = http::Cost::waits};
    router.get("/moderation", action<SeeQueue>(),
               [&service, has_holds](const Request& request) { return queue(request, service, has_holds); });
    router.get("/moderation/cases/{case:id}", action<OpenCase>(), bind(open), looks);
    router.post("/moderation/cases/{case:id}/claim", action<HandleCase>(), bind(claim), form);
    router.post("/moderation/cases/{case:id}/release", action<HandleCase>(), bind(release), form);
    router.post("/moderation/cases/{case:id}/assign", action<HandleCase>(), bind(assign), form);
    router.post("/moderation/cases/{case:id}/notes", action<HandleCase>(), bind(note), form);
    router.post("/moderation/cases/{case:id}/decide", action<Decide>(), bind(decide_case), form);
    router.post("/moderation/decisions/{decision:id}/confirm", action<ConfirmDecision>(), bind(confirm),
                form);
    router.post("/moderation/decisions/{decision:id}/refuse", action<ConfirmDecision>(), bind(refuse), form);
    router.post("/moderation/decisions/{decision:id}/lift", action<LiftDecision>(), bind(lift), form);
    router.get("/moderation/appeals/{appeal:id}", action<OpenCase>(), bind(appeal_form), looks);
    router.post("/moderation/appeals/{appeal:id}", action<DecideAppeal>(), bind(decide_appeal), form);
}

}  // namespace braid::moderation
