#include "identity/documents/pages.h"

#include "base/text.h"
#include "identity/documents/documents.html.h"
#include "platform/html/richtext.h"

namespace braid::documents {

namespace {

using access::actor_of;
using html::Dialect;

html::SafeHtml rendered(std::string_view markdown) {
    return html::render(markdown, Dialect::prose);
}

class Pages {
  public:
    Pages(Service& service, sql::Database& database, const accounts::People& people)
        : service_(service), database_(database), people_(people) {}

    Result<http::Response> show(const http::Request& request, Kind kind) const {
        std::optional<int> number;
        if (const auto asked = request.query.find("version")) {
            const auto typed = parse_integer(*asked);
            if (!typed || *typed < 1 || *typed > 1'000'000) return not_found("no version");
            number = static_cast<int>(*typed);
        }
        const Version version = TRY(service_.read(kind, number));
        const Version newest = number ? TRY(service_.read(kind, std::nullopt)) : version;
        DocumentView view;
        view.frame = shell::frame(request, shell::text(request, title_key(kind)));
        view.frame.path = "/" + std::string(name(kind));
        view.kind = name(kind);
        view.title_key = title_key(kind);
        const auto language = view.frame.context->language;
        const Words& words = version.in(language);
        view.version = version.number;
        view.text = rendered(words.text);
        view.brief = rendered(words.brief);
        view.changed = rendered(words.changed);
        view.has_changed = !words.changed.empty();
        if (version.published_at.micros != 0) view.since = i18n::date(language, version.published_at);
        if (version.number != newest.number) view.newer_url = view.frame.path;
        view.editor = access::permit<PublishDocument>(actor_of(request), {}).ok();
        return shell::page(request, 200, [&](html::Out& out) { document_page(out, view); });
    }

    Result<http::Response> list(const http::Request& request) const {
        TRY(access::permit<PublishDocument>(actor_of(request), {}));
        ListView view{shell::frame(request, shell::text(request, _msg("documents.list.title"))), {}};
        for (const Kind kind : kKinds) {
            const Version version = TRY(service_.read(kind, std::nullopt));
            view.lines.push_back({name(kind), title_key(kind), version.number,
                                  version.published_at.micros == 0
                                      ? std::string()
                                      : i18n::date(view.frame.context->language, version.published_at)});
        }
        return shell::page(request, 200, [&](html::Out& out) { list_page(out, view); });
    }

    Result<http::Response> edit(const http::Request& request) const {
        TRY(access::permit<PublishDocument>(actor_of(request), {}));
        const auto kind = parse_kind(request.path_text("kind"));
        if (!kind) return not_found("no such document");
        EditView view;
        view.typed = TRY(service_.read(*kind, std::nullopt));
        view.based_on = view.typed.number;
        view.typed.important = false;
        view.typed.en.changed.clear();
        view.typed.es.changed.clear();
        return show_editor(request, *kind, std::move(view), 200);
    }

    Result<http::Response> save(const http::Request& request) const {
        TRY(access::permit<PublishDocument>(actor_of(request), {}));
        const auto kind = parse_kind(request.path_text("kind"));
        if (!kind) return not_found("no such document");
        EditView view;
        const auto text = [&](std::string_view field) { return std::string(trim(request.form.get(field))); };
        view.typed.en = {text("text_en"), text("short_en"), text("changed_en")};
        view.typed.es = {text("text_es"), text("short_es"), text("changed_es")};
        view.typed.important = request.form.get("important") == "1";
        view.based_on = static_cast<int>(parse_integer(request.form.get("based_on")).value_or(0));
        const bool publishing = request.form.get("do") == "publish";
        const auto done = publishing ? service_.publish(actor_of(request), *kind, view.typed, view.based_on)
                                     : [&]() -> Result<int> {
            TRY(Service::check(view.typed));
            return 0;
        }();
        if (!done.ok()) {
            if (done.error().code != ErrorCode::invalid) return done.error();
            view.error = &done.error();
            return show_editor(request, *kind, std::move(view), 422);
        }
        if (publishing)
            return shell::redirect_with(request, "/admin/documents/" + std::string(name(*kind)),
                                        _msg("documents.published"));
        view.previewing = true;
        view.preview_en = rendered(view.typed.en.text);
        view.preview_es = rendered(view.typed.es.text);
        view.brief_en = rendered(view.typed.en.brief);
        view.brief_es = rendered(view.typed.es.brief);
        return show_editor(request, *kind, std::move(view), 200);
    }

    Result<http::Response> ask(const http::Request& request) const {
        const access::Actor actor = actor_of(request);
        TRY(access::permit<AcceptDocument>(actor, {}));
        AcceptView view;
        view.next = http::local_path(request.query.get("next"), "/");
        const auto pending = service_.pending(*actor.person);
        if (pending.empty()) return http::Response::see_other(view.next);
        view.frame = shell::frame(request, shell::text(request, _msg("documents.accept.title")));
        view.child = actor.band == access::AgeBand::child;
        for (const Kind kind : pending) {
            const Version version = TRY(service_.read(kind, std::nullopt));
            const Words& words = version.in(view.frame.context->language);
            view.parts.push_back({name(kind), title_key(kind), rendered(words.changed), rendered(words.brief),
                                  !words.changed.empty()});
        }
        return shell::page(request, 200, [&](html::Out& out) { accept_page(out, view); });
    }

    Result<http::Response> accept(const http::Request& request) const {
        TRY(service_.accept(actor_of(request)));
        return http::Response::see_other(http::local_path(request.form.get("next"), "/"));
    }

  private:
    Result<http::Response> show_editor(const http::Request& request, Kind kind, EditView view,
                                       int status) const {
        view.frame = shell::frame(request, shell::text(request, title_key(kind)));
        view.kind = name(kind);
        view.title_key = title_key(kind);
        const auto language = view.frame.context->language;
        for (const VersionLine& line : service_.history(kind)) {
            EditLine& shown = view.history.emplace_back();
            shown.number = line.number;
            shown.important = line.important;
            if (line.published_at.micros == 0) continue;
            shown.at = i18n::date(language, line.published_at);
            shown.changed = language == i18n::Language::es ? line.changed_es : line.changed_en;
            const auto card =
                database_.read([&](sql::Reader& reader) { return people_.card(reader, line.published_by); });
            shown.by = card ? card->display_name : i18n::format(language, _msg("documents.somebody"));
        }
        return shell::page(request, status, [&](html::Out& out) { edit_page(out, view); });
    }

    Service& service_;
    sql::Database& database_;
    const accounts::People& people_;
};

}  // namespace

void add_pages(http::Router& router, Service& service, sql::Database& database,
               const accounts::People& people) {
    const Pages pages(service, database, people);
    for (const Kind kind : kKinds) {
        router.get("/" + std::string(name(kind)), access::action<SeeDocument>(),
                   [pages, kind](const http::Request& request) { return pages.show(request, kind); });
    }
    const auto on = [pages](Result<http::Response> (Pages::*page)(const http::Request&) const) {
        return [pages, page](const http::Request& request) { return (pages.*page)(request); };
    };
    router.get("/admin/documents", access::action<PublishDocument>(), on(&Pages::list));
    router.get("/admin/documents/{kind:text}", access::action<PublishDocument>(), on(&Pages::edit));
    router.post("/admin/documents/{kind:text}", access::action<PublishDocument>(), on(&Pages::save));
    router.get("/documents/accept", access::action<AcceptDocument>(), on(&Pages::ask));
    router.post("/documents/accept", access::action<AcceptDocument>(), on(&Pages::accept));
}

http::Middleware ask_after_sign_in(const Service& service) {
    return [&service](http::Request& request, const http::Next& next) -> http::Response {
        http::Response response = next(request);
        if (response.status != 303 || !request.path.starts_with("/sign-in")) return response;
        const auto location = response.header("location");
        // A second step is still to come, or she waits for a guardian.
        if (!location || location->starts_with("/sign-in") || location->starts_with("/waiting"))
            return response;
        if (!service.anything_important()) return response;
        response.set("location", "/documents/accept?next=" + percent_encode(*location));
        return response;
    };
}

}  // namespace braid::documents
