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
    return error == nullptr                                   ? 200
           : error->code == ErrorCode::conflict               ? 409
           : error->code == ErrorCode::too_many_requests      ? 429
                                                              : 422;
}

class Pages {
  public:
    Pages(Service& service, Doors& doors) : service_(service), doors_(doors) {}

    Result<http::Response> overview(const http::Request& request) const { return show(request, {}, "", nullptr); }

    // --- the app

    Result<http::Response> begin_app(const http::Request& request) const {
        TRY(service_.begin_app(actor_of(request)));
        return http::Response::see_other("/settings/second-factor/app");
    }

    Result<http::Response> app(const http::Request& request) const { return show_app(request, nullptr); }

    Result<http::Response> confirm_app(const http::Request& request) const {
        const auto codes = service_.confirm_app(actor_of(request), TRY(session_of(request)), form(request, "password"),
                                                form(request, "code"), doors_.caller(request));
        if (!codes.ok()) {
            if (!belongs_to_form(codes.error())) return codes.error();
            return show_app(request, &codes.error());
        }
        if (codes->empty()) return shell::redirect_with(request, std::string(kSettings), _msg("factors.app.done"));
        // Shown in this answer, which no cache keeps, and never again.
        return show(request, *codes, "", nullptr);
    }

    Result<http::Response> remove_app(const http::Request& request) const {
        const auto removed = service_.remove_app(actor_of(request), form(request, "password"),
                                                 form(request, "code"), doors_.caller(request));
        if (!removed.ok()) {
            if (!belongs_to_form(removed.error())) return removed.error();
            return show(request, {}, "app", &removed.error());
        }
        return shell::redirect_with(request, std::string(kSettings), _msg("factors.app.removed"));
    }

    // --- recovery codes

    Result<http::Response> renew_codes(const http::Request& request) const {
        const auto codes =
            service_.renew_codes(actor_of(request), form(request, "password"), doors_.caller(request));
        if (!codes.ok()) {
            if (!belongs_to_form(codes.error())) return codes.error();
            return show(request, {}, "codes", &codes.error());
        }
        return show(request, *codes, "", nullptr);
    }

    // --- showing it

    Result<http::Response> step_form(const http::Request& request) const {
        if (doors_.step_token(request).empty()) return http::Response::see_other("/sign-in");
        return show_step(request, nullptr);
    }

    Result<http::Response> finish_step(const http::Request& request) const {
        const auto finished = service_.finish_sign_in(actor_of(request), doors_.step_token(request),
                                                      form(request, "code"), doors_.caller(request));
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
        const auto proved = service_.prove_again(actor_of(request), TRY(session_of(request)), form(request, "code"),
                                                 doors_.caller(request));
        if (proved.ok()) return http::Response::see_other(next);
        if (!belongs_to_form(proved.error())) return proved.error();
        return show_prove(request, next, &proved.error());
    }

  private:
    static std::string_view form(const http::Request& request, std::string_view name) {
        return request.form.get(name);
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

    Result<http::Response> show(const http::Request& request, FreshCodes codes, std::string_view form,
                                const Error* error) const {
        OverviewView view;
        view.frame = frame(request, _msg("factors.title"), kSettings);
        view.handle = handle(request);
        view.have = TRY(service_.overview(actor_of(request)));
        view.missing =
            actor_of(request).standing == access::Standing::factor_missing && !view.have.any();
        view.codes = std::move(codes);
        view.form = form;
        view.error = error;
        return with_patience(
            shell::page(request, status_of(error), [&](html::Out& out) { overview_page(out, view); }), error);
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
        const StepView view{frame(request, _msg("factors.step.title"), "/sign-in"), {}, error};
        return with_patience(
            shell::page(request, status_of(error), [&](html::Out& out) { step_page(out, view); }), error);
    }

    Result<http::Response> show_prove(const http::Request& request, std::string next, const Error* error) const {
        // Nothing to show: set one up first.
        if (!TRY(service_.overview(actor_of(request))).any())
            return http::Response::see_other(std::string(kSettings));
        const StepView view{frame(request, _msg("factors.prove.title"), kSettings), std::move(next), error};
        return with_patience(
            shell::page(request, status_of(error), [&](html::Out& out) { prove_page(out, view); }), error);
    }

    Service& service_;
    Doors& doors_;
};

}  // namespace

void add_pages(http::Router& router, Service& service, Doors& doors) {
    const Pages pages(service, doors);
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
    router.post("/settings/second-factor/app/remove", access::action<RemoveFactor>(), on(&Pages::remove_app), form);
    router.post("/settings/second-factor/codes", set_up, on(&Pages::renew_codes), form);
    router.get("/settings/second-factor/again", again, on(&Pages::prove_form));
    router.post("/settings/second-factor/again", again, on(&Pages::prove), form);
}

}  // namespace braid::factors
