#include "identity/sessions/pages.h"

#include "base/text.h"
#include "identity/sessions/door.html.h"
#include "identity/sessions/model.h"
#include "identity/sessions/settings.html.h"
#include "identity/sessions/views.h"
#include "shell/shell.h"

namespace braid::sessions {

namespace {

using access::actor_of;

using accounts::kAgeCookie;

// Whether an error is shown beside the fields of its form, rather than as a page of its own.
bool belongs_to_form(const Error& error) {
    return error.code == ErrorCode::invalid || error.code == ErrorCode::conflict ||
           error.code == ErrorCode::too_many_requests;
}

int status_of(const Error& error) {
    return error.code == ErrorCode::conflict ? 409 : error.code == ErrorCode::too_many_requests ? 429 : 422;
}

class Pages {
  public:
    Pages(sql::Database& database, Service& service, accounts::Accounts& accounts)
        : database_(database),
          service_(service),
          accounts_(accounts),
          cookie_(cookie_names(service.settings().transport).session) {}

    // --- joining

    Result<http::Response> sign_up_form(const http::Request& request) const {
        if (actor_of(request).signed_in())
            return http::Response::see_other(http::local_path(request.query.get("next"), "/"));
        if (marked_too_young(request)) return too_young(request);
        SignUpView view{frame(request, _msg("sessions.sign_up.title"), "/sign-up")};
        view.next = http::local_path(request.query.get("next"), "");
        view.typed.language = view.frame.context->language;
        return shell::page(request, 200, [&](html::Out& out) { sign_up_page(out, view); });
    }

    Result<http::Response> sign_up(const http::Request& request) const {
        if (marked_too_young(request)) return too_young(request);
        SignUpView view{frame(request, _msg("sessions.sign_up.title"), "/sign-up")};
        view.next = http::local_path(request.form.get("next"), "");
        accounts::SignUpForm& typed = view.typed;
        const auto text = [&](std::string_view name) { return std::string(request.form.get(name)); };
        typed = {text("handle"),     text("display_name"), text("password"),  text("email"),
                 text("birth_year"), text("birth_month"),  text("birth_day"), view.frame.context->language};
        i18n::parse_language(request.form.get("language"), typed.language);

        const auto entry = service_.sign_up(actor_of(request), typed, service_.caller(request));
        if (entry.ok()) {
            // What she loves is the first thing she is asked; she may skip it.
            http::Response response = shell::redirect_with(request, http::local_path(view.next, "/interests"),
                                                           _msg("sessions.sign_up.welcome"));
            service_.admit(request, response, *entry, Remember::no);
            return response;
        }
        const Error& error = entry.error();
        if (error.code == ErrorCode::forbidden && error.message_key == "accounts.too_young")
            return too_young(request, band_said_by(error));
        if (!belongs_to_form(error)) return error;
        typed.password.clear();
        view.error = &error;
        return shell::page(request, status_of(error), [&](html::Out& out) { sign_up_page(out, view); });
    }

    // --- signing in and out

    Result<http::Response> sign_in_form(const http::Request& request) const {
        const std::string next = http::local_path(request.query.get("next"), "");
        if (actor_of(request).signed_in()) return http::Response::see_other(http::local_path(next, "/"));
        SignInView view{
            frame(request, _msg("sessions.sign_in.title"), "/sign-in"), {}, next, false, !next.empty()};
        view.passkeys = passkeys();
        view.provider = service_.settings().provider;
        return shell::page(request, 200, [&](html::Out& out) { sign_in_page(out, view); });
    }

    Result<http::Response> sign_in(const http::Request& request) const {
        const std::string next = http::local_path(request.form.get("next"), "");
        const bool remember = request.form.get("remember") == "1";
        const auto entry =
            service_.sign_in(actor_of(request), request.form.get("name"), request.form.get("password"),
                             service_.caller(request), {next, remember ? Remember::yes : Remember::no});
        if (entry.ok()) {
            if (entry->stage == Stage::paused) return paused(request);
            if (entry->stage == Stage::waiting) {
                http::Response response = http::Response::see_other("/waiting");
                response.add_cookie({.name = std::string(guardians::kWaitingCookie),
                                     .value = entry->token,
                                     .max_age = guardians::kWaitingCookieLife});
                return response;
            }
            // The page of the second step is identity/factors'.
            http::Response response = http::Response::see_other(
                entry->stage == Stage::second_step ? "/sign-in/second-step" : http::local_path(next, "/"));
            service_.admit(request, response, *entry, remember ? Remember::yes : Remember::no);
            return response;
        }
        if (!belongs_to_form(entry.error())) return entry.error();
        SignInView view{frame(request, _msg("sessions.sign_in.title"), "/sign-in"),
                        std::string(request.form.get("name")),
                        next,
                        remember,
                        false,
                        &entry.error(),
                        passkeys(),
                        service_.settings().provider};
        http::Response response =
            shell::page(request, status_of(entry.error()), [&](html::Out& out) { sign_in_page(out, view); });
        if (entry.error().retry_after_seconds > 0) {
            response.set("retry-after", std::to_string(entry.error().retry_after_seconds));
        }
        return response;
    }

    Result<http::Response> sign_out(const http::Request& request) const {
        if (const auto token = request.cookie(cookie_)) service_.sign_out(*token);
        http::Response response = shell::redirect_with(request, "/", _msg("sessions.signed_out"));
        response.add_cookie({.name = std::string(cookie_), .value = "", .max_age = Duration(-1)});
        // What pages left in the browser's cache is not for the next person at this machine.
        response.set("clear-site-data", "\"cache\"");
        return response;
    }

    // --- a forgotten password

    Result<http::Response> forgot_form(const http::Request& request) const {
        ForgotView view{frame(request, _msg("sessions.forgot.title"), "/password/forgot")};
        return shell::page(request, 200, [&](html::Out& out) { forgot_page(out, view); });
    }

    Result<http::Response> forgot(const http::Request& request) const {
        ForgotView view{frame(request, _msg("sessions.forgot.title"), "/password/forgot"),
                        std::string(trim(request.form.get("email")))};
        const auto asked = accounts_.request_reset(actor_of(request), view.email);
        if (!asked.ok() && !belongs_to_form(asked.error())) return asked.error();
        view.sent = asked.ok();
        if (!asked.ok()) view.error = &asked.error();
        return shell::page(request, asked.ok() ? 200 : status_of(asked.error()),
                           [&](html::Out& out) { forgot_page(out, view); });
    }

    Result<http::Response> reset_form(const http::Request& request) const {
        return show_reset(request, nullptr);
    }

    Result<http::Response> reset(const http::Request& request) const {
        const auto done = service_.reset_password(actor_of(request), request.path_text("token"),
                                                  request.form.get("password"));
        if (done.ok()) {
            http::Response response = shell::redirect_with(request, "/sign-in", _msg("sessions.reset.done"));
            // Whoever reads her mail is she: strangers who try her account are not in her way in this
            // browser.
            service_.remember_browser(request, response, *done);
            response.add_cookie({.name = std::string(cookie_), .value = "", .max_age = Duration(-1)});
            return response;
        }
        if (done.error().code != ErrorCode::invalid && done.error().code != ErrorCode::gone)
            return done.error();
        return show_reset(request, &done.error());
    }

    // --- settings

    Result<http::Response> password_form(const http::Request& request) const {
        return show_password(request, nullptr);
    }

    Result<http::Response> change_password(const http::Request& request) const {
        const auto entry = service_.change_password(actor_of(request), request.form.get("current"),
                                                    request.form.get("password"), service_.caller(request));
        if (entry.ok()) {
            http::Response response =
                shell::redirect_with(request, "/settings/password", _msg("sessions.password.changed"));
            service_.admit(request, response, *entry, Remember::no);
            return response;
        }
        if (!belongs_to_form(entry.error())) return entry.error();
        return show_password(request, &entry.error());
    }

    Result<http::Response> sessions(const http::Request& request) const {
        SessionsView view{frame(request, _msg("sessions.list.title"), "/settings/sessions"),
                          TRY(service_.sessions(actor_of(request), current(request)))};
        return shell::page(request, 200, [&](html::Out& out) { sessions_page(out, view); });
    }

    Result<http::Response> end_session(const http::Request& request) const {
        TRY(service_.end_session(actor_of(request), request.path_id<SessionId>("session")));
        return shell::redirect_with(request, "/settings/sessions", _msg("sessions.list.ended"));
    }

    Result<http::Response> end_others(const http::Request& request) const {
        TRY(service_.end_other_sessions(actor_of(request), current(request).value_or(SessionId{})));
        return shell::redirect_with(request, "/settings/sessions", _msg("sessions.list.ended_others"));
    }

    Result<http::Response> tokens(const http::Request& request) const {
        return show_tokens(request, 200, {}, nullptr);
    }

    Result<http::Response> make_token(const http::Request& request) const {
        TokensView view;
        view.name = request.form.get("name");
        view.days = request.form.get("days");
        view.scopes = static_cast<std::uint8_t>((request.form.get("read") == "1" ? 1 : 0) |
                                                (request.form.get("write") == "1" ? 2 : 0) |
                                                (request.form.get("account") == "1" ? 4 : 0));
        auto made = service_.create_token(actor_of(request), view.name, view.scopes,
                                          static_cast<int>(parse_integer(view.days).value_or(0)),
                                          assurance_of(request));
        if (!made.ok()) {
            if (!belongs_to_form(made.error())) return made.error();
            return show_tokens(request, status_of(made.error()), std::move(view), &made.error());
        }
        // Shown in this answer, which no cache keeps, and never again.
        TokensView fresh;
        fresh.made = std::move(*made);
        return show_tokens(request, 200, std::move(fresh), nullptr);
    }

    Result<http::Response> revoke_token(const http::Request& request) const {
        TRY(service_.revoke_token(actor_of(request), request.path_id<TokenId>("token")));
        return shell::redirect_with(request, "/settings/tokens", _msg("sessions.tokens.revoked"));
    }

  private:
    bool passkeys() const { return service_.settings().passkeys == Offered::yes; }
    static shell::Frame frame(const http::Request& request, std::string_view title, std::string_view path) {
        shell::Frame frame = shell::frame(request, shell::text(request, title));
        frame.path = path;
        return frame;
    }
    static std::optional<SessionId> current(const http::Request& request) {
        const Current* found = request.attached<Current>();
        return found != nullptr ? found->session : std::nullopt;
    }
    bool marked_too_young(const http::Request& request) const {
        const auto mark = request.cookie(kAgeCookie);
        return mark && accounts_.age_mark_band(*mark);
    }
    static access::AgeBand band_said_by(const Error& error) {
        for (const auto& [name, value] : error.arguments) {
            if (name == "band" && value == access::name(access::AgeBand::teen)) return access::AgeBand::teen;
        }
        return access::AgeBand::child;
    }
    static http::Response paused(const http::Request& request) {
        const shell::Frame shown = frame(request, _msg("sessions.paused.title"), "/sign-in");
        return shell::page(request, 403, [&](html::Out& out) { paused_page(out, shown); });
    }
    http::Response too_young(const http::Request& request,
                             access::AgeBand band = access::AgeBand::child) const {
        const shell::Frame shown = frame(request, _msg("sessions.too_young.title"), "/sign-up");
        http::Response response =
            shell::page(request, 403, [&](html::Out& out) { too_young_page(out, shown); });
        if (!marked_too_young(request)) {
            response.add_cookie({.name = std::string(kAgeCookie),
                                 .value = accounts_.age_mark(band),
                                 .max_age = accounts::kAgeCookieLife});
        }
        return response;
    }
    Result<http::Response> show_reset(const http::Request& request, const Error* error) const {
        ResetView view{frame(request, _msg("sessions.reset.title"), "/password/forgot"),
                       std::string(request.path_text("token")), false, error};
        view.open =
            database_.read([&](sql::Reader& reader) { return accounts_.reset_open(reader, view.token); });
        return shell::page(request,
                           !view.open         ? 410
                           : error != nullptr ? 422
                                              : 200,
                           [&](html::Out& out) { reset_page(out, view); });
    }
    static Result<http::Response> show_password(const http::Request& request, const Error* error) {
        PasswordView view{frame(request, _msg("sessions.password.title"), "/settings/password"), {}, error};
        if (view.frame.context->viewer) view.handle = view.frame.context->viewer->handle;
        return shell::page(request, error != nullptr ? status_of(*error) : 200,
                           [&](html::Out& out) { password_page(out, view); });
    }
    Result<http::Response> show_tokens(const http::Request& request, int status, TokensView view,
                                       const Error* error) const {
        view.frame = frame(request, _msg("sessions.tokens.title"), "/settings/tokens");
        view.tokens = TRY(service_.tokens(actor_of(request)));
        view.error = error;
        return shell::page(request, status, [&](html::Out& out) { tokens_page(out, view); });
    }

    sql::Database& database_;
    Service& service_;
    accounts::Accounts& accounts_;
    std::string_view cookie_;
};

}  // namespace

void add_pages(http::Router& router, sql::Database& database, Service& service,
               accounts::Accounts& accounts) {
    const Pages pages(database, service, accounts);
    const auto on = [pages](auto method) {
        return [pages, method](const http::Request& request) { return (pages.*method)(request); };
    };
    // A class that joins or signs in together has one address.
    const http::RouteOptions together{.max_body = 16 << 10, .per_minute = 120};
    const http::RouteOptions form{.max_body = 16 << 10, .per_minute = 60};
    const http::RouteOptions mails{.max_body = 16 << 10, .per_minute = 10};

    router.get("/sign-up", access::action<accounts::SignUp>(), on(&Pages::sign_up_form));
    router.post("/sign-up", access::action<accounts::SignUp>(), on(&Pages::sign_up), together);
    router.get("/sign-in", access::action<SignIn>(), on(&Pages::sign_in_form));
    router.post("/sign-in", access::action<SignIn>(), on(&Pages::sign_in), together);
    router.post("/sign-out", access::action<SignOut>(), on(&Pages::sign_out), form);

    router.get("/password/forgot", access::action<accounts::ResetPassword>(), on(&Pages::forgot_form));
    router.post("/password/forgot", access::action<accounts::ResetPassword>(), on(&Pages::forgot), mails);
    router.get("/password/reset/{token:text}", access::action<accounts::ResetPassword>(),
               on(&Pages::reset_form));
    router.post("/password/reset/{token:text}", access::action<accounts::ResetPassword>(), on(&Pages::reset),
                mails);

    router.get("/settings/password", access::action<accounts::SeeSettings>(), on(&Pages::password_form));
    router.post("/settings/password", access::action<accounts::ChangePassword>(), on(&Pages::change_password),
                mails);
    router.get("/settings/sessions", access::action<ManageSessions>(), on(&Pages::sessions));
    router.post("/settings/sessions/end-others", access::action<ManageSessions>(), on(&Pages::end_others),
                form);
    router.post("/settings/sessions/{session:id}/end", access::action<ManageSessions>(),
                on(&Pages::end_session), form);
    router.get("/settings/tokens", access::action<ManageTokens>(), on(&Pages::tokens));
    router.post("/settings/tokens", access::action<CreateToken>(), on(&Pages::make_token), form);
    router.post("/settings/tokens/{token:id}/revoke", access::action<ManageTokens>(),
                on(&Pages::revoke_token), form);
}

}  // namespace braid::sessions
