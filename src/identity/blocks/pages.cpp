#include "identity/blocks/pages.h"

#include "base/text.h"
#include "identity/blocks/blocks.html.h"
#include "identity/blocks/people.h"

namespace braid::blocks {

namespace {

using access::action;
using access::actor_of;
using http::Request;
using http::Response;

class Pages {
  public:
    Pages(sql::Database& database, Service& service, const Directory& directory)
        : database_(database), service_(service), directory_(directory) {}

    Result<Response> list(const Request& request) const {
        ListView view;
        view.lines = TRY(lines_of(database_, service_, directory_, actor_of(request)));
        view.directory = &directory_;
        view.frame = shell::frame(request, shell::text(request, _msg("blocks.list.title")));
        return shell::page(request, 200, [&](html::Out& out) { list_page(out, view); });
    }

    Result<Response> ask(const Request& request) const {
        AskView view = TRY(view_of(request, request.query.get("next")));
        view.chosen = view.set == Kind::block ? "block" : "mute";
        return show(request, 200, view);
    }

    Result<Response> set(const Request& request) const {
        AskView view = TRY(view_of(request, request.form.get("next")));
        view.chosen = std::string(request.form.get("kind"));
        const auto kind = parse_kind(view.chosen);
        Result<void> done = kind ? service_.keep_apart(actor_of(request), view.face.id, *kind)
                                 : Result<void>(invalid("kind", _msg("blocks.choose")));
        if (!done.ok()) {
            if (done.error().code != ErrorCode::invalid) return done.error();
            view.error = &done.error();
            return show(request, 422, view);
        }
        if (!view.fragment) {
            return shell::redirect_with(
                request, view.next.empty() ? "/settings/blocks" : view.next,
                *kind == Kind::block ? _msg("blocks.was_blocked") : _msg("blocks.was_muted"));
        }
        view.set = kind;
        view.done = true;
        return show(request, 200, view);
    }

    Result<Response> end(const Request& request) const {
        AskView view = TRY(view_of(request, request.form.get("next")));
        TRY(service_.take_back(actor_of(request), view.face.id));
        if (view.fragment) {
            view.set.reset();
            view.done = true;
            return show(request, 200, view);
        }
        return shell::redirect_with(request, "/settings/blocks", _msg("blocks.was_ended"));
    }

  private:
    Result<AskView> view_of(const Request& request, std::string_view next) const {
        const Actor& actor = actor_of(request);
        AskView view;
        view.face = TRY(find(database_, service_, directory_, actor, request.path_text("handle")));
        TRY(access::permit<KeepApart>(actor, {view.face.id}));
        if (const auto tie = service_.own(actor, view.face.id)) view.set = tie->kind;
        view.directory = &directory_;
        view.fragment = request.wants_fragment();
        view.child = actor.band == access::AgeBand::child;
        view.next = http::local_path(next, "");
        view.frame = shell::frame(request, shell::text(request, _msg("blocks.ask.heading")));
        return view;
    }

    static Result<Response> show(const Request& request, int status, const AskView& view) {
        if (view.fragment)
            return shell::fragment(request, status, [&](html::Out& out) { ask_fragment(out, view); });
        return shell::page(request, status, [&](html::Out& out) { ask_page(out, view); });
    }

    sql::Database& database_;
    Service& service_;
    const Directory& directory_;
};

}  // namespace

void add_pages(http::Router& router, sql::Database& database, Service& service, const Directory& directory) {
    const Pages pages(database, service, directory);
    const auto on = [pages](Result<Response> (Pages::*page)(const Request&) const) {
        return [pages, page](const Request& request) { return (pages.*page)(request); };
    };
    router.get("/settings/blocks", action<ListBlocks>(), on(&Pages::list));
    router.get("/settings/blocks/{handle:text}", action<KeepApart>(), on(&Pages::ask));
    router.post("/settings/blocks/{handle:text}", action<KeepApart>(), on(&Pages::set),
                {.max_body = 4 << 10, .per_minute = 60});
    router.post("/settings/blocks/{handle:text}/end", action<KeepApart>(), on(&Pages::end),
                {.max_body = 4 << 10, .per_minute = 60});
}

}  // namespace braid::blocks
