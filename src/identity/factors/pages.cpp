#include "identity/factors/pages.h"

#include "identity/factors/factors.html.h"
#include "identity/factors/views.h"
#include "shell/shell.h"

namespace braid::factors {

namespace {

using access::actor_of;
using sessions::Doors;

constexpr std::string_view kSettings = "/settings/second-factor";

// Whether an error is shown beside the fields of its form, rather than as a page of its own.
bool belongs_to_form(const Error& error) {
    return error.code == ErrorCode::invalid || error.code == ErrorCode::conflict ||
           error.code == ErrorCode::too_many_requests;
}

int status_of(const Error* error) {
    return error == nullptr                              ? 200
           : error->code == ErrorCode::conflict          ? 409
           : error->code == ErrorCode::too_many_requests ? 429
                                                         : 422;
}

class Pages {
  public:
    Pages(Service& service, Passkeys& passkeys, Doors& doors)
        : service_(service), passkeys_(passkeys), doors_(doors) {}

    Result<http::Response> overview(const http::Request& request) const { return show(request, {}); }

    // --- the app

    Result<http::Response> begin_app(const http::Request& request) const {
        TRY(service_.begin_app(actor_of(request)));
        return http::Response::see_other("/settings/second-factor/app");
    }

    Result<http::Response> app(const http::Request& request) const { return show_app(request, nullptr); }

    Result<http::Response> confirm_app(const http::Request& request) const {
        const auto codes =
            service_.confirm_app(actor_of(request), TRY(session_of(request)), form(request, "password"),
                                 form(request, "code"), doors_.caller(request));
        if (!codes.ok()) {
            if (!belongs_to_form(codes.error())) return codes.error();
            return show_app(request, &codes.error());
        }
        if (codes->empty())
            return shell::redirect_with(request, std::string(kSettings), _msg("factors.app.done"));
        // Shown in this answer, which no cache keeps, and never again.
        return show(request, *codes);
    }

    Result<http::Response> remove_app_form(const http::Request& request) const {
        if (!TRY(service_.overview(actor_of(request))).app_since)
            return http::Response::see_other(std::string(kSettings));
        return show_form(request, _msg("factors.app.remove"), remove_app_page, nullptr);
    }

    Result<http::Response> remove_app(const http::Request& request) const {
        const auto removed = service_.remove_app(actor_of(request), form(request, "password"),
                                                 form(request, "code"), doors_.caller(request));
        if (!removed.ok()) {
            if (!belongs_to_form(removed.error())) return removed.error();
            return show_form(request, _msg("factors.app.remove"), remove_app_page, &removed.error());
        }
        return shell::redirect_with(request, std::string(kSettings), _msg("factors.app.removed"));
    }

    // --- recovery codes

    Result<http::Response> codes_form(const http::Request& request) const {
        return show_form(request, _msg("factors.codes.renew"), codes_page, nullptr);
    }

    Result<http::Response> renew_codes(const http::Request& request) const {
        const auto codes =
            service_.renew_codes(actor_of(request), form(request, "password"), doors_.caller(request));
        if (!codes.ok()) {
            if (!belongs_to_form(codes.error())) return codes.error();
            return show_form(request, _msg("factors.codes.renew"), codes_page, &codes.error());
        }
        return show(request, *codes);
    }

    // --- passkeys

    Result<http::Response> new_passkey(const http::Request& request) const {
        return show_new_passkey(request, nullptr);
    }

    Result<http::Response> add_passkey(const http::Request& request) const {
        const auto codes = passkeys_.add(
            actor_of(request), TRY(session_of(request)), form(request, "name"), form(request, "password"),
            {form(request, "client_data"), form(request, "attestation")}, doors_.caller(request));
        if (!codes.ok()) {
            if (!belongs_to_form(codes.error())) return codes.error();
            return show_new_passkey(request, &codes.error());
        }
        if (codes->empty())
            return shell::redirect_with(request, std::string(kSettings), _msg("factors.passkey.done"));
        return show(request, *codes);
    }

    Result<http::Response> passkey(const http::Request& request) const {
        return show_passkey(request, nullptr);
    }

    Result<http::Response> rename_passkey(const http::Request& request) const {
        const auto renamed =
            passkeys_.rename(actor_of(request), request.path_id<PasskeyId>("passkey"), form(request, "name"));
        if (!renamed.ok() && belongs_to_form(renamed.error())) return show_passkey(request, &renamed.error());
        TRY(renamed);
        return shell::redirect_with(request, std::string(kSettings), _msg("factors.passkey.renamed"));
    }

    Result<http::Response> remove_passkey(const http::Request& request) const {
        const auto removed = passkeys_.remove(actor_of(request), request.path_id<PasskeyId>("passkey"),
                                              form(request, "password"), doors_.caller(request));
        if (!removed.ok() && belongs_to_form(removed.error())) return show_passkey(request, &removed.error());
        TRY(removed);
        return shell::redirect_with(request, std::string(kSettings), _msg("factors.passkey.removed"));
    }

    // --- signing in with a passkey alone

    Result<http::Response> passkey_form(const http::Request& request) const {
        const std::string next = http::local_path(request.query.get("next"), "");
        if (actor_of(request).signed_in()) return http::Response::see_other(http::local_path(next, "/"));
        return show_passkey_sign_in(request, next, nullptr);
    }

    Result<http::Response> passkey_sign_in(const http::Request& request) const {
        const std::string next = http::local_path(request.form.get("next"), "");
        const auto entry = passkeys_.sign_in(actor_of(request), shown(request), doors_.caller(request));
        if (!entry.ok()) {
            if (!belongs_to_form(entry.error())) return entry.error();
            return show_passkey_sign_in(request, next, &entry.error());
        }
        auto response = http::Response::see_other(http::local_path(next, "/"));
        doors_.admit(request, response, *entry, sessions::Remember::no);
        return response;
    }

    // --- showing it

    Result<http::Response> step_form(const http::Request& request) const {
        if (doors_.step_token(request).empty()) return http::Response::see_other("/sign-in");
        return show_step(request, nullptr);
    }

    Result<http::Response> finish_step(const http::Request& request) const {
        const std::string step = doors_.step_token(request);
        const auto finished =
            shows_passkey(request)
                ? passkeys_.finish_sign_in(actor_of(request), step, shown(request), doors_.caller(request))
                : service_.finish_sign_in(actor_of(request), step, form(request, "code"),
                                          doors_.caller(request));
        if (finished.ok()) {
            auto response = http::Response::see_other(http::local_path(finished->step.next, "/"));
            doors_.admit(request, response, finished->entry, finished->step.remember);
            return response;
        }
        const Error& error = finished.error();
        if (error.code == ErrorCode::gone)
            return shell::redirect_with(request, "/sign-in", _msg("factors.step_ended"));
        if (!belongs_to_form(error)) return error;
        return show_step(request, &error);
    }

    Result<http::Response> prove_form(const http::Request& request) const {
        return show_prove(request, http::local_path(request.query.get("next"), kSettings), nullptr);
    }

    Result<http::Response> prove(const http::Request& request) const {
        const std::string next = http::local_path(request.form.get("next"), kSettings);
        const auto session = TRY(session_of(request));
        const auto proved =
            shows_passkey(request)
                ? passkeys_.prove_again(actor_of(request), session, shown(request), doors_.caller(request))
                : service_.prove_again(actor_of(request), session, form(request, "code"),
                                       doors_.caller(request));
        if (proved.ok()) return http::Response::see_other(next);
        if (!belongs_to_form(proved.error())) return proved.error();
        return show_prove(request, next, &proved.error());
    }

  private:
    static std::string_view form(const http::Request& request, std::string_view name) {
        return request.form.get(name);
    }
    static bool shows_passkey(const http::Request& request) { return !form(request, "credential").empty(); }
    static Shown shown(const http::Request& request) {
        return {form(request, "credential"), form(request, "client_data"),
                form(request, "authenticator_data"), form(request, "signature"),
                form(request, "user_handle")};
    }
    // These pages change a browser's session; a program has none.
    static Result<sessions::SessionId> session_of(const http::Request& request) {
        const auto* current = request.attached<sessions::Current>();
        if (current == nullptr || !current->session) return not_found("no session of a browser");
        return *current->session;
    }
    static shell::Frame frame(const http::Request& request, std::string_view title, std::string_view path) {
        shell::Frame frame = shell::frame(request, shell::text(request, title));
        frame.path = path;
        return frame;
    }
    static std::string handle(const http::Request& request) {
        const auto& viewer = shell::context_of(request).viewer;
        return viewer ? viewer->handle : std::string();
    }
    static http::Response with_patience(http::Response response, const Error* error) {
        if (error != nullptr && error->retry_after_seconds > 0)
            response.set("retry-after", std::to_string(error->retry_after_seconds));
        return response;
    }

    Result<http::Response> show(const http::Request& request, FreshCodes codes) const {
        OverviewView view;
        view.frame = frame(request, _msg("factors.title"), kSettings);
        view.have = TRY(service_.overview(actor_of(request)));
        view.missing = actor_of(request).standing == access::Standing::factor_missing && !view.have.any();
        view.stays = view.have.required && (view.have.app_since ? 1 : 0) + view.have.passkeys <= 1;
        view.passkeys_possible = passkeys_.possible();
        view.passkeys = TRY(passkeys_.list(actor_of(request)));
        view.codes = std::move(codes);
        return shell::page(request, 200, [&](html::Out& out) { overview_page(out, view); });
    }

    static Result<http::Response> show_form(const http::Request& request, std::string_view title,
                                            void (*page)(html::Out&, const FormView&), const Error* error) {
        const FormView view{frame(request, title, kSettings), handle(request), error};
        return with_patience(shell::page(request, status_of(error), [&](html::Out& out) { page(out, view); }),
                             error);
    }

    Result<http::Response> show_new_passkey(const http::Request& request, const Error* error) const {
        if (!passkeys_.possible()) return not_found("no passkeys at this address");
        const NewPasskeyView view{frame(request, _msg("factors.passkey.new"), kSettings),
                                  TRY(passkeys_.wanted_new(actor_of(request))),
                                  std::string(form(request, "name")), error};
        return with_patience(
            shell::page(request, status_of(error), [&](html::Out& out) { new_passkey_page(out, view); }),
            error);
    }

    Result<http::Response> show_app(const http::Request& request, const Error* error) const {
        auto setup = service_.waiting_app(actor_of(request));
        // Left for too long, or opened by its address: begin at the beginning.
        if (!setup.ok() && setup.error().code == ErrorCode::not_found)
            return http::Response::see_other(std::string(kSettings));
        AppView view;
        view.frame = frame(request, _msg("factors.app.page_title"), kSettings);
        view.handle = handle(request);
        view.setup = TRY(std::move(setup));
        view.qr = qr_picture(view.setup.uri);
        view.error = error;
        return with_patience(
            shell::page(request, status_of(error), [&](html::Out& out) { app_page(out, view); }), error);
    }

    Result<http::Response> show_step(const http::Request& request, const Error* error) const {
        auto wanted = passkeys_.wanted_for_step(doors_.step_token(request));
        if (!wanted.ok()) return shell::redirect_with(request, "/sign-in", _msg("factors.step_ended"));
        const StepView view{
            frame(request, _msg("factors.step.title"), "/sign-in"), {}, *std::move(wanted), error};
        return with_patience(
            shell::page(request, status_of(error), [&](html::Out& out) { step_page(out, view); }), error);
    }

    Result<http::Response> show_prove(const http::Request& request, std::string next,
                                      const Error* error) const {
        // Nothing to show: set one up first.
        if (!TRY(service_.overview(actor_of(request))).any())
            return http::Response::see_other(std::string(kSettings));
        const StepView view{frame(request, _msg("factors.prove.title"), kSettings), std::move(next),
                            TRY(passkeys_.wanted_again(actor_of(request))), error};
        return with_patience(
            shell::page(request, status_of(error), [&](html::Out& out) { prove_page(out, view); }), error);
    }

    Result<http::Response> show_passkey(const http::Request& request, const Error* error) const {
        const auto id = request.path_id<PasskeyId>("passkey");
        for (PasskeyLine& line : TRY(passkeys_.list(actor_of(request)))) {
            if (line.id != id) continue;
            const Overview have = TRY(service_.overview(actor_of(request)));
            const bool stays = have.required && !have.app_since && have.passkeys == 1;
            const PasskeyView view{frame(request, _msg("factors.passkey.page_title"), kSettings),
                                   handle(request), std::move(line), stays, error};
            return with_patience(
                shell::page(request, status_of(error), [&](html::Out& out) { passkey_page(out, view); }),
                error);
        }
        return not_found("no such passkey of hers");
    }

    Result<http::Response> show_passkey_sign_in(const http::Request& request, std::string next,
                                                const Error* error) const {
        if (!passkeys_.possible()) return not_found("no passkeys at this address");
        const StepView view{frame(request, _msg("factors.passkey.sign_in_title"), "/sign-in"),
                            std::move(next), passkeys_.wanted_to_sign_in(), error};
        return with_patience(
            shell::page(request, status_of(error), [&](html::Out& out) { passkey_sign_in_page(out, view); }),
            error);
    }

    Service& service_;
    Passkeys& passkeys_;
    Doors& doors_;
};

}  // namespace

void add_pages(http::Router& router, Service& service, Passkeys& passkeys, Doors& doors) {
    const Pages pages(service, passkeys, doors);
    const auto on = [pages](auto method) {
        return [pages, method](const http::Request& request) { return (pages.*method)(request); };
    };
    const auto see = access::action<SeeFactors>();
    const auto set_up = access::action<SetUpFactor>();
    const auto finish = access::action<sessions::FinishSignIn>();
    const auto again = access::action<ProveAgain>();
    const http::RouteOptions form{.max_body = 16 << 10, .per_minute = 30};
    // A class that signs in together has one address.
    const http::RouteOptions together{.max_body = 16 << 10, .per_minute = 120};

    router.get("/sign-in/second-step", finish, on(&Pages::step_form));
    router.post("/sign-in/second-step", finish, on(&Pages::finish_step), together);
    router.get("/settings/second-factor", see, on(&Pages::overview));
    router.post("/settings/second-factor/app", set_up, on(&Pages::begin_app), form);
    router.get("/settings/second-factor/app", set_up, on(&Pages::app));
    router.post("/settings/second-factor/app/confirm", set_up, on(&Pages::confirm_app), form);
    router.get("/settings/second-factor/app/remove", see, on(&Pages::remove_app_form));
    router.post("/settings/second-factor/app/remove", access::action<RemoveFactor>(), on(&Pages::remove_app),
                form);
    router.get("/settings/second-factor/codes", set_up, on(&Pages::codes_form));
    router.post("/settings/second-factor/codes", set_up, on(&Pages::renew_codes), form);
    router.get("/settings/second-factor/passkeys", set_up, on(&Pages::new_passkey));
    router.post("/settings/second-factor/passkeys", set_up, on(&Pages::add_passkey), form);
    router.get("/settings/second-factor/passkeys/{passkey:id}", see, on(&Pages::passkey));
    router.post("/settings/second-factor/passkeys/{passkey:id}/rename", set_up, on(&Pages::rename_passkey),
                form);
    router.post("/settings/second-factor/passkeys/{passkey:id}/remove", access::action<RemoveFactor>(),
                on(&Pages::remove_passkey), form);
    router.get("/sign-in/passkey", finish, on(&Pages::passkey_form));
    router.post("/sign-in/passkey", finish, on(&Pages::passkey_sign_in), together);
    router.get("/settings/second-factor/again", again, on(&Pages::prove_form));
    router.post("/settings/second-factor/again", again, on(&Pages::prove), form);
}

}  // namespace braid::factors
