// Reporting, help, notices and appeals.
#include "stewardship/moderation/pages.h"

#include <algorithm>

#include "base/text.h"
#include "platform/http/security.h"
#include "platform/i18n/i18n.h"
#include "stewardship/moderation/report.html.h"
#include "stewardship/moderation/words.h"

namespace braid::moderation {

using access::action;
using access::actor_of;
using http::Request;
using http::Response;

namespace {

constexpr int kNotices = 20;

bool belongs_to_form(const Error& error) {
    return error.code == ErrorCode::invalid && !error.fields.empty();
}

// ---- Reporting

Result<ReportPage> report_page_for(const Request& request, Service& service, std::string_view kind,
                                   std::string_view id) {
    ReportPage page;
    page.kind = kind;
    page.id = id;
    page.fragment = request.wants_fragment();
    const Actor& actor = actor_of(request);
    page.signed_in = actor.signed_in();
    if (kind != kElsewhere) {
        const auto object = id_from_text(id);
        const Kind* known = service.kinds().find(kind);
        if (!object || known == nullptr) return not_found("nothing that can be reported");
        const Object seen = TRY(service.database().read(
            [&](sql::Reader& reader) { return service.reportable(reader, actor, kind, *object); }));
        page.kind_label = shell::text(request, known->label());
        page.title = seen.title;
        page.words_of = ellipsis(seen.words, 240);
    }
    page.frame = shell::frame(request, shell::text(request, _msg("moderation.report.title")));
    return page;
}

Response show_report(const Request& request, int status, const ReportPage& page) {
    if (page.fragment)
        return shell::fragment(request, status, [&](html::Out& out) { report_fragment(out, page); });
    return shell::page(request, status, [&](html::Out& out) { report_page(out, page); });
}

Result<Response> report_form_page(const Request& request, Service& service) {
    std::string kind(request.query.get("kind"));
    if (kind.empty()) kind = kElsewhere;
    ReportPage page = TRY(report_page_for(request, service, kind, request.query.get("id")));
    if (kind == kElsewhere) page.where = http::local_path(request.query.get("where"), "");
    return show_report(request, 200, page);
}

Result<Response> send_report(const Request& request, Service& service) {
    const http::Fields& form = request.form.fields;
    ReportForm sent{.kind = std::string(form.get("kind")),
                    .object = id_from_text(form.get("id")).value_or(0),
                    .category = std::string(form.get("category")),
                    .words = std::string(form.get("words")),
                    .where = std::string(form.get("where"))};
    const auto reported = service.report(actor_of(request), sent);
    if (!reported.ok() && !belongs_to_form(reported.error())) return reported.error();
    if (!reported.ok()) {
        ReportPage page = TRY(report_page_for(request, service, sent.kind, form.get("id")));
        page.category = sent.category;
        page.words = sent.words;
        page.where = page.kind == kElsewhere ? http::local_path(sent.where, "") : sent.where;
        page.error = &reported.error();
        return show_report(request, 422, page);
    }
    const auto category = parse_category(sent.category);
    const bool grave = category == Category::imminent_harm || category == Category::grooming;
    if (!request.wants_fragment())
        return Response::see_other(grave ? "/report/sent?grave=1" : "/report/sent");
    ReportPage page{
        .fragment = true, .sent = true, .signed_in = actor_of(request).signed_in(), .grave = grave};
    page.frame = shell::frame(request, shell::text(request, _msg("moderation.thanks.title")));
    return show_report(request, 200, page);
}

Result<Response> report_sent(const Request& request) {
    ReportPage page{
        .sent = true, .signed_in = actor_of(request).signed_in(), .grave = request.query.get("grave") == "1"};
    page.frame = shell::frame(request, shell::text(request, _msg("moderation.thanks.title")));
    return show_report(request, 200, page);
}

Result<Response> help(const Request& request, Service& service) {
    HelpPage page;
    page.frame = shell::frame(request, shell::text(request, _msg("moderation.help.title")));
    page.intro = service.settings().help_intro;
    page.contacts = service.settings().help_contacts;
    return shell::page(request, 200, [&](html::Out& out) { help_page(out, page); });
}

// ---- Notices and appeals

std::string_view appeal_state_key(AppealState state) {
    switch (state) {
        case AppealState::open:
            return _msg("moderation.appeal_state.open");
        case AppealState::upheld:
            return _msg("moderation.appeal_state.upheld");
        case AppealState::overturned:
            return _msg("moderation.appeal_state.overturned");
    }
    return {};
}

NoticeView view_of(const Request& request, const Told& told, NoticeKind what) {
    const shell::PageContext& context = shell::context_of(request);
    NoticeView view;
    const DecisionRow* decision = told.decision ? &*told.decision : nullptr;
    view.sentence = notice_sentence(context.language, what, decision, told.title, context.now);
    view.at = told.notice.made_at;
    view.unread = told.notice.id && told.notice.read_at.micros == 0;
    if (decision == nullptr) return view;
    view.decided = what == NoticeKind::decided;
    if (view.decided) view.reason = decision->reason;
    if (decision->measure != Measure::remove && decision->measure != Measure::remove_account)
        view.href = told.href;
    if (told.appeal && what != NoticeKind::ended) {
        view.appeal_state = appeal_state_key(told.appeal->state);
        view.answer = told.appeal->answer;
    }
    return view;
}

Result<Response> notices(const Request& request, Service& service) {
    std::optional<NoticeId> before;
    if (const auto text = request.query.find("before")) {
        before = NoticeId::parse(*text);
        if (!before) return not_found("malformed position");
    }
    auto told = TRY(service.notices(actor_of(request), before, kNotices + 1));
    NoticesPage page;
    page.frame = shell::frame(request, shell::text(request, _msg("moderation.notices.title")));
    if (told.size() > kNotices) {
        told.resize(kNotices);
        page.next_url = "/notices?before=" + told.back().notice.id.text();
    }
    if (before) page.first_url = "/notices";
    for (const Told& one : told) {
        NoticeView& view = page.notices.emplace_back(view_of(request, one, one.notice.what));
        if (one.may_appeal) view.appeal_url = "/notices/" + one.decision->id.text() + "/appeal";
    }
    return shell::page(request, 200, [&](html::Out& out) { notices_page(out, page); });
}

Response show_appeal(const Request& request, int status, const Told& told, std::string action, bool by_link,
                     std::string words, const Error* error) {
    AppealPage page;
    page.frame = shell::frame(request, shell::text(request, _msg("moderation.appeal.title")));
    page.notice = view_of(request, told, NoticeKind::decided);
    if (by_link) page.notice.href.clear();
    page.action = std::move(action);
    page.words = std::move(words);
    page.may_appeal = told.may_appeal;
    page.by_link = by_link;
    page.error = error;
    return shell::page(request, status, [&](html::Out& out) { appeal_page(out, page); });
}

Result<Response> appeal_form(const Request& request, Service& service) {
    const auto id = request.path_id<DecisionId>("decision");
    const Told told = TRY(service.told(actor_of(request), id));
    return show_appeal(request, 200, told, "/notices/" + id.text() + "/appeal", false, {}, nullptr);
}

Result<Response> send_appeal(const Request& request, Service& service) {
    const auto id = request.path_id<DecisionId>("decision");
    const std::string words(request.form.get("words"));
    const auto sent = service.appeal(actor_of(request), id, words);
    if (sent.ok()) return shell::redirect_with(request, "/notices", _msg("moderation.appeal.sent"));
    if (!belongs_to_form(sent.error())) return sent.error();
    const Told told = TRY(service.told(actor_of(request), id));
    return show_appeal(request, 422, told, "/notices/" + id.text() + "/appeal", false, words, &sent.error());
}

Result<Response> link_form(const Request& request, Service& service) {
    const std::string token(request.path_text("token"));
    const Told told = TRY(service.told_by_link(actor_of(request), token));
    return show_appeal(request, 200, told, "/appeals/" + token, true, {}, nullptr);
}

Result<Response> send_link(const Request& request, Service& service) {
    const std::string token(request.path_text("token"));
    const std::string words(request.form.get("words"));
    const auto sent = service.appeal_by_link(actor_of(request), token, words);
    if (sent.ok()) return shell::redirect_with(request, "/appeals/" + token, _msg("moderation.appeal.sent"));
    if (!belongs_to_form(sent.error())) return sent.error();
    const Told told = TRY(service.told_by_link(actor_of(request), token));
    return show_appeal(request, 422, told, "/appeals/" + token, true, words, &sent.error());
}

}  // namespace

std::vector<shell::Choice> category_choices() {
    std::vector<shell::Choice> choices;
    for (std::size_t i = 0; i < kCategories; ++i) {
        const auto category = static_cast<Category>(i);
        choices.push_back(
            {sql::detail::enum_name(category), category_key(category), category_hint_key(category)});
    }
    return choices;
}

std::string contact_href(std::string_view reach) {
    if (reach.starts_with("https://")) return std::string(reach);
    std::string digits;
    for (const char c : reach) {
        if ((c >= '0' && c <= '9') || (c == '+' && digits.empty()))
            digits += c;
        else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.' && c != '/')
            return {};
    }
    return digits.size() >= 3 ? "tel:" + digits : std::string();
}

void add_public_pages(http::Router& router, Service& service) {
    const auto bind = [&service](auto handler) {
        return [&service, handler](const Request& request) { return handler(request, service); };
    };
    const http::RouteOptions form{.max_body = 64 << 10, .per_minute = 10};
    router.get("/report", action<Report>(), bind(report_form_page));
    router.post("/report", action<Report>(), bind(send_report), form);
    router.get("/report/sent", action<Report>(), report_sent);
    router.get("/help/now", action<SeeHelp>(), bind(help));
    // What is unread is read then.
    router.get("/notices", action<SeeNotices>(), bind(notices), {.cost = http::Cost::waits});
    router.get("/notices/{decision:id}/appeal", action<Appeal>(), bind(appeal_form));
    router.post("/notices/{decision:id}/appeal", action<Appeal>(), bind(send_appeal), form);
    router.get("/appeals/{token:text}", action<AppealByLink>(), bind(link_form));
    router.post("/appeals/{token:text}", action<AppealByLink>(), bind(send_link), form);
}

}  // namespace braid::moderation
