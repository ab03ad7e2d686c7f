#include "interests/guidance/pages.h"

#include "interests/guidance/guidance.html.h"
#include "interests/guidance/policy.h"
#include "interests/guidance/views.h"
#include "platform/i18n/i18n.h"

namespace braid::guidance {

using access::action;
using access::actor_of;
using http::Request;
using http::Response;

namespace {

std::string chapter_url(works::WorkId work, works::ChapterId chapter) {
    return "/works/" + work.text() + "/chapters/" + chapter.text();
}

}  // namespace

void suggestion_cards(html::Out& out, const shell::PageContext& context,
                      const std::vector<Suggestion>& suggestions, std::string_view back) {
    suggestion_list(out, context, suggestions, back);
}

void Pages::add_routes(http::Router& router) {
    const auto on = [this](Result<Response> (Pages::*handler)(const Request&)) {
        return [this, handler](const Request& request) { return (this->*handler)(request); };
    };
    router.get("/guidance", action<SeeGuidance>(), on(&Pages::mine));
    router.get("/works/{work:id}/chapters/{chapter:id}/next", action<SeeNext>(), on(&Pages::next));
    router.post("/works/{work:id}/not-for-me", action<Decline>(), on(&Pages::decline),
                {.max_body = 16 << 10, .per_minute = 60});
}

Result<Response> Pages::mine(const Request& request) {
    const Actor& actor = actor_of(request);
    const i18n::Language language = shell::context_of(request).language;
    MinePage page;
    database_.read([&](sql::Reader& reader) {
        page.suggestions = service_.for_you(reader, actor, language);
        page.declined = service_.declined(reader, actor);
        if (page.suggestions.empty()) page.knows_nothing = service_.knows_nothing(reader, actor);
    });
    page.frame = shell::frame(request, shell::text(request, _msg("guidance.for_you")), shell::Place::home);
    return shell::page(request, 200, [&](html::Out& out) { mine_page(out, page); });
}

Result<Response> Pages::next(const Request& request) {
    const auto work = request.path_id<works::WorkId>("work");
    const auto chapter = request.path_id<works::ChapterId>("chapter");
    const shell::PageContext& context = shell::context_of(request);
    NextPage page;
    page.next = TRY(database_.read([&](sql::Reader& reader) {
        return service_.next_after(reader, actor_of(request), work, chapter, context.language);
    }));
    page.back = chapter_url(work, chapter);
    Response response;
    if (request.wants_fragment()) {
        response = shell::fragment(request, 200, [&](html::Out& out) {
            if (!page.next.chapter) {
                next_works(out, context, page.next, page.back);
            } else if (!page.next.suggestions.empty()) {
                something_else(out, context, page.next.suggestions.front(), page.back);
            }
        });
    } else {
        if (page.next.chapter) page.next_url = chapter_url(work, *page.next.chapter);
        page.frame =
            shell::frame(request, shell::text(request, _msg("guidance.what_next")), shell::Place::read);
        response = shell::page(request, 200, [&](html::Out& out) { next_page(out, page); });
    }
    response.set("Vary", "HX-Request");
    response.set("X-Keep-Offline", "no");
    return response;
}

Result<Response> Pages::decline(const Request& request) {
    const auto work = request.path_id<works::WorkId>("work");
    const Actor& actor = actor_of(request);
    const bool undo = request.form.get("undo") == "1";
    TRY(undo ? service_.take_back(actor, work) : service_.decline(actor, work));
    const std::string back = http::local_path(request.form.get("next"), "/guidance");
    if (!request.wants_fragment()) {
        return shell::redirect_with(request, back,
                                    undo ? _msg("guidance.was_taken_back") : _msg("guidance.was_declined"));
    }
    DeclinedView view{.work = work.text(), .back = back};
    view.title = database_.read([&](sql::Reader& reader) { return service_.title(reader, actor, work); });
    return shell::fragment(request, 200, [&](html::Out& out) {
        if (undo) {
            taken_back_card(out, view);
        } else {
            declined_card(out, shell::context_of(request), view);
        }
    });
}

}  // namespace braid::guidance
