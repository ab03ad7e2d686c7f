// Asking and answering: what a child and a guardian without an account see. The pages of people with an
// account are in guardian_pages.cpp.
#include "identity/guardians/pages.h"

#include "base/text.h"
#include "identity/guardians/consent.html.h"
#include "identity/guardians/guardian_pages.h"
#include "identity/guardians/views.h"
#include "identity/guardians/waiting.html.h"
#include "identity/guardians/words.h"
#include "shell/shell.h"

namespace braid::guardians {

namespace {

using access::actor_of;

bool belongs_to_form(const Error& error) {
    return error.code == ErrorCode::invalid || error.code == ErrorCode::conflict;
}

class Pages {
  public:
    Pages(Service& service, accounts::Accounts& accounts) : service_(service), accounts_(accounts) {}

    // --- the child

    Result<http::Response> ask_form(const http::Request& request) const {
        if (waits(request)) return http::Response::see_other("/waiting");
        const auto band = band_said(request);
        if (!band) return http::Response::see_other("/sign-up");
        TRY(access::permit<AskGuardian>(actor_of(request), {.answered_below = true}));
        const AskView view{frame(request, _msg("guardians.ask.title"), "/waiting/new")};
        return shell::page(request, 200, [&](html::Out& out) { ask_page(out, view); });
    }

    Result<http::Response> ask(const http::Request& request) const {
        const auto band = band_said(request);
        if (!band) return http::Response::see_other("/sign-up");
        AskView view{frame(request, _msg("guardians.ask.title"), "/waiting/new")};
        view.typed = {std::string(request.form.get("handle")), std::string(request.form.get("password")),
                      std::string(request.form.get("email")), view.frame.context->language};
        const auto asked = service_.ask(actor_of(request), *band, view.typed);
        if (asked.ok()) {
            http::Response response = http::Response::see_other("/waiting");
            response.add_cookie(
                {.name = std::string(kWaitingCookie), .value = asked->cookie, .max_age = kWaitingCookieLife});
            return response;
        }
        if (!belongs_to_form(asked.error())) return asked.error();
        view.typed.password.clear();
        view.error = &asked.error();
        return shell::page(request, asked.error().code == ErrorCode::conflict ? 409 : 422,
                           [&](html::Out& out) { ask_page(out, view); });
    }

    Result<http::Response> waiting(const http::Request& request) const {
        return show_waiting(request, 200, nullptr);
    }

    Result<http::Response> again(const http::Request& request) const {
        const auto sent = service_.send_again(cookie(request));
        if (sent.ok()) return shell::redirect_with(request, "/waiting", _msg("guardians.waiting.sent"));
        if (sent.error().code != ErrorCode::too_many_requests) return sent.error();
        return show_waiting(request, 429, &sent.error());
    }

    Result<http::Response> stop_waiting(const http::Request& request) const {
        TRY(service_.stop_waiting(cookie(request)));
        http::Response response = shell::redirect_with(request, "/", _msg("guardians.waiting.withdrawn"));
        response.add_cookie({.name = std::string(kWaitingCookie), .value = "", .max_age = Duration(-1)});
        return response;
    }

    // --- the guardian, by the link

    Result<http::Response> consent_form(const http::Request& request) const {
        return show_consent(request, 200, {}, nullptr);
    }

    Result<http::Response> consent(const http::Request& request) const {
        const ConsentForm form{std::string(request.form.get("birth_year")),
                               std::string(request.form.get("birth_month")), choices_of(request.form)};
        const auto given = service_.consent(actor_of(request), token(request), form);
        if (given.ok()) {
            if (*given == Given::now)
                return shell::redirect_with(request, "/guardian", _msg("guardians.consent.given"));
            return http::Response::see_other("/consent/" + std::string(token(request)) + "?said=1");
        }
        if (given.error().code != ErrorCode::invalid) return ended_or(request, given.error());
        return show_consent(request, 422, form, &given.error());
    }

    Result<http::Response> refuse(const http::Request& request) const {
        return refused(request, service_.refuse(actor_of(request), token(request)));
    }

    Result<http::Response> refuse_confirmation(const http::Request& request) const {
        const auto open = service_.open_confirmation(actor_of(request), token(request));
        if (!open.ok()) return ended_or(request, open.error());
        return refused(request, service_.refuse(actor_of(request), service_.link_token(open->id)));
    }

    Result<http::Response> confirmation(const http::Request& request) const {
        auto link = service_.open_confirmation(actor_of(request), token(request));
        if (!link.ok()) return ended_or(request, link.error());
        const ConfirmationPage view{frame(request, _msg("guardians.confirm.page"), "/consent"),
                                    std::move(*link), std::string(token(request))};
        return shell::page(request, 200, [&](html::Out& out) { confirmation_page(out, view); });
    }

    Result<http::Response> confirm(const http::Request& request) const {
        const auto done = service_.confirm(actor_of(request), token(request));
        if (!done.ok()) return ended_or(request, done.error());
        const shell::Frame shown = frame(request, _msg("guardians.agreed.title"), "/consent");
        return shell::page(request, 200, [&](html::Out& out) { agreed_page(out, shown); });
    }

    Result<http::Response> withdraw(const http::Request& request) const {
        return back_to_link(request, service_.withdraw_by_link(actor_of(request), token(request)),
                            _msg("guardians.child.withdrew"));
    }
    Result<http::Response> give_again(const http::Request& request) const {
        return back_to_link(request, service_.return_by_link(actor_of(request), token(request)),
                            _msg("guardians.child.returned"));
    }

    Result<http::Response> connect(const http::Request& request) const {
        const auto child = service_.connect(actor_of(request), token(request));
        if (!child.ok()) return ended_or(request, child.error());
        return shell::redirect_with(request, "/guardian/children/" + child->text(),
                                    _msg("guardians.consent.connected"));
    }

  private:
    static shell::Frame frame(const http::Request& request, std::string_view title, std::string_view path) {
        shell::Frame frame = shell::frame(request, shell::text(request, title));
        frame.path = path;
        return frame;
    }
    static std::string_view token(const http::Request& request) { return request.path_text("token"); }
    static std::string_view cookie(const http::Request& request) {
        return request.cookie(kWaitingCookie).value_or("");
    }
    bool waits(const http::Request& request) const {
        const auto waited = service_.waited(cookie(request));
        return waited.ok() && waited->outcome == Outcome::waiting;
    }
    std::optional<access::AgeBand> band_said(const http::Request& request) const {
        const auto mark = request.cookie(accounts::kAgeCookie);
        return mark ? accounts_.age_mark_band(*mark) : std::nullopt;
    }
    Result<http::Response> show_waiting(const http::Request& request, int status, const Error* error) const {
        WaitingPage view{frame(request, _msg("guardians.waiting.page"), "/waiting"),
                         TRY(service_.waited(cookie(request))), error};
        return shell::page(request, status, [&](html::Out& out) { waiting_page(out, view); });
    }
    Result<http::Response> show_consent(const http::Request& request, int status, ConsentForm typed,
                                        const Error* error) const {
        auto link = service_.open_link(actor_of(request), token(request));
        if (!link.ok()) return ended_or(request, link.error());
        ConsentPage view{frame(request, _msg("guardians.consent.page"), "/consent"),
                         std::move(*link),
                         std::string(token(request)),
                         service_.settings().site_name,
                         std::move(typed),
                         actor_of(request).signed_in(),
                         false,
                         error};
        view.frame.path = "/consent/" + view.token;
        view.thanked = view.link.request && view.link.request->said() && request.query.get("said") == "1";
        return shell::page(request, status, [&](html::Out& out) { consent_page(out, view); });
    }
    static http::Response ended(const http::Request& request) {
        const shell::Frame shown = frame(request, _msg("guardians.ended.title"), "/consent");
        return shell::page(request, 410, [&](html::Out& out) { ended_page(out, shown); });
    }
    static Result<http::Response> ended_or(const http::Request& request, const Error& error) {
        if (error.code != ErrorCode::gone) return error;
        return ended(request);
    }
    static Result<http::Response> refused(const http::Request& request, const Result<void>& done) {
        if (!done.ok()) return ended_or(request, done.error());
        const shell::Frame shown = frame(request, _msg("guardians.refused.title"), "/consent");
        return shell::page(request, 200, [&](html::Out& out) { refused_page(out, shown); });
    }
    static Result<http::Response> back_to_link(const http::Request& request, const Result<void>& done,
                                               std::string_view says) {
        if (!done.ok()) return ended_or(request, done.error());
        return shell::redirect_with(request, "/consent/" + std::string(token(request)), says);
    }

    Service& service_;
    accounts::Accounts& accounts_;
};

}  // namespace

void add_pages(http::Router& router, Service& service, accounts::Accounts& accounts, blobs::Store& blobs) {
    const Pages pages(service, accounts);
    const auto on = [pages](auto method) {
        return [pages, method](const http::Request& request) { return (pages.*method)(request); };
    };
    // A class asks together from one address; a mail goes out each time.
    const http::RouteOptions mails{.max_body = 16 << 10, .per_minute = 40};
    const http::RouteOptions form{.max_body = 16 << 10, .per_minute = 30};
    constexpr auto asks = access::action<AskGuardian>();
    constexpr auto waits = access::action<SeeWaiting>();
    constexpr auto answers = access::action<AnswerByLink>();
    router.get("/waiting/new", asks, on(&Pages::ask_form));
    router.post("/waiting/new", asks, on(&Pages::ask), mails);
    router.get("/waiting", waits, on(&Pages::waiting));
    router.post("/waiting/again", waits, on(&Pages::again), mails);
    router.post("/waiting/withdraw", waits, on(&Pages::stop_waiting), form);
    router.get("/consent/{token:text}", answers, on(&Pages::consent_form));
    router.post("/consent/{token:text}", answers, on(&Pages::consent), form);
    router.post("/consent/{token:text}/refuse", answers, on(&Pages::refuse), form);
    router.post("/consent/{token:text}/withdraw", answers, on(&Pages::withdraw), form);
    router.post("/consent/{token:text}/return", answers, on(&Pages::give_again), form);
    router.post("/consent/{token:text}/connect", answers, on(&Pages::connect), form);
    router.get("/consent/confirm/{token:text}", answers, on(&Pages::confirmation));
    router.post("/consent/confirm/{token:text}", answers, on(&Pages::confirm), form);
    router.post("/consent/confirm/{token:text}/refuse", answers, on(&Pages::refuse_confirmation), form);
    add_guardian_pages(router, service, blobs);
}

}  // namespace braid::guardians
