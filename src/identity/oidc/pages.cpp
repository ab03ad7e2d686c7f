#include "identity/oidc/pages.h"

#include "base/text.h"
#include "identity/oidc/school.html.h"
#include "identity/oidc/views.h"
#include "platform/http/security.h"
#include "shell/shell.h"

namespace braid::oidc {

namespace {

using access::actor_of;

constexpr std::string_view kSettings = "/settings/school";

int status_of(const Error& error) {
    switch (error.code) {
        case ErrorCode::conflict:
            return 409;
        case ErrorCode::gone:
            return 410;
        case ErrorCode::forbidden:
            return 403;
        case ErrorCode::unavailable:
            return 503;
        case ErrorCode::too_many_requests:
            return 429;
        default:
            return 422;
    }
}

bool belongs_to_form(const Error& error) {
    return error.code == ErrorCode::invalid || error.code == ErrorCode::conflict ||
           error.code == ErrorCode::too_many_requests;
}

class Pages {
  public:
    Pages(Service& service, accounts::Accounts& accounts, sessions::Doors& doors)
        : service_(service), accounts_(accounts), doors_(doors) {
        const bool https = service.settings().public_url.starts_with("https://");
        journey_cookie_ = https ? "__Host-school-journey" : "school-journey";
        guest_cookie_ = https ? "__Host-school-guest" : "school-guest";
    }

    Result<http::Response> set_out(const http::Request& request) const {
        const std::string next = http::local_path(request.query.get("next"), "");
        const auto departure = service_.set_out(actor_of(request), next);
        if (!departure.ok()) return trouble(request, departure.error());
        auto response = http::Response::see_elsewhere(departure->url);
        response.add_cookie(
            {.name = std::string(journey_cookie_), .value = departure->cookie, .max_age = kJourneyLife});
        response.set("cache-control", "no-store");
        return response;
    }

    Result<http::Response> come_back(const http::Request& request) const {
        // She said no there: back to where one signs in.
        if (request.query.get("error") == "access_denied")
            return without_journey(http::Response::see_other("/sign-in"));
        const auto arrival = service_.come_back(
            actor_of(request), request.cookie(journey_cookie_).value_or(""), request.query.get("state"),
            request.query.get("code"), request.query.get("iss"), doors_.caller(request));
        if (!arrival.ok()) {
            auto answer = TRY(trouble(request, arrival.error()));
            return without_journey(std::move(answer));
        }
        if (arrival->entry) return without_journey(enter(request, *arrival->entry, arrival->next));
        auto response = http::Response::see_other(actor_of(request).signed_in() ? std::string(kSettings)
                                                                                : "/sign-in/school/new");
        response.add_cookie({.name = std::string(guest_cookie_),
                             .value = service_.pack(*arrival->guest),
                             .max_age = kGuestLife});
        return without_journey(std::move(response));
    }

    Result<http::Response> guest_form(const http::Request& request) const {
        const auto guest = guest_of(request);
        if (!guest) return http::Response::see_other("/sign-in");
        accounts::SignUpForm typed;
        typed.handle = slug(guest->username).substr(0, 30);
        typed.email = guest->email;
        return show_guest(request, *guest, std::move(typed), nullptr);
    }

    Result<http::Response> join(const http::Request& request) const {
        const auto guest = guest_of(request);
        if (!guest) return shell::redirect_with(request, "/sign-in", _msg("oidc.guest.ended"));
        // Asked once and answered below the age of consent: the sign-up page says what now.
        const auto mark = request.cookie(accounts::kAgeCookie);
        if (mark && accounts_.age_mark_band(*mark)) return http::Response::see_other("/sign-up");
        const auto text = [&](std::string_view name) { return std::string(request.form.get(name)); };
        accounts::SignUpForm typed{text("handle"),
                                   text("display_name"),
                                   {},
                                   text("email"),
                                   text("birth_year"),
                                   text("birth_month"),
                                   text("birth_day"),
                                   shell::context_of(request).language};
        const auto entry = service_.join(actor_of(request), *guest, typed, doors_.caller(request));
        if (entry.ok()) return without_guest(enter(request, *entry, "/"));
        const Error& error = entry.error();
        if (error.code == ErrorCode::forbidden && error.message_key == "accounts.too_young")
            return too_young(error);
        if (!belongs_to_form(error)) return error;
        return show_guest(request, *guest, std::move(typed), &error);
    }

    Result<http::Response> settings(const http::Request& request) const {
        return show_settings(request, nullptr);
    }

    Result<http::Response> tie(const http::Request& request) const {
        const auto guest = guest_of(request);
        if (!guest) return shell::redirect_with(request, std::string(kSettings), _msg("oidc.guest.ended"));
        const auto tied = service_.tie(actor_of(request), *guest);
        if (!tied.ok()) {
            if (!belongs_to_form(tied.error())) return tied.error();
            return show_settings(request, &tied.error());
        }
        return without_guest(
            shell::redirect_with(request, std::string(kSettings), _msg("oidc.settings.tied")));
    }

    Result<http::Response> cut(const http::Request& request) const {
        const auto done =
            service_.untie(actor_of(request), request.form.get("password"), doors_.caller(request));
        if (!done.ok()) {
            if (!belongs_to_form(done.error())) return done.error();
            return show_settings(request, &done.error());
        }
        return shell::redirect_with(request, std::string(kSettings), _msg("oidc.settings.was_cut"));
    }

  private:
    [[nodiscard]] std::optional<Guest> guest_of(const http::Request& request) const {
        return service_.guest(request.cookie(guest_cookie_).value_or(""));
    }
    [[nodiscard]] http::Response without_journey(http::Response response) const {
        response.add_cookie({.name = std::string(journey_cookie_), .value = "", .max_age = Duration(-1)});
        return response;
    }
    [[nodiscard]] http::Response without_guest(http::Response response) const {
        response.add_cookie({.name = std::string(guest_cookie_), .value = "", .max_age = Duration(-1)});
        return response;
    }
    static shell::Frame frame(const http::Request& request, std::string_view title, std::string_view path) {
        shell::Frame frame = shell::frame(request, shell::text(request, title));
        frame.path = path;
        return frame;
    }

    http::Response enter(const http::Request& request, const sessions::Entry& entry,
                         const std::string& next) const {
        if (entry.stage == sessions::Stage::paused) {
            Error error = forbidden(_msg("oidc.paused"));
            return trouble_page_of(request, error);
        }
        // The page of the second step is identity/factors'.
        auto response = http::Response::see_other(entry.stage == sessions::Stage::second_step
                                                      ? "/sign-in/second-step"
                                                      : http::local_path(next, "/"));
        doors_.admit(request, response, entry, sessions::Remember::no);
        return response;
    }

    // Who was asked and said she is too young is not asked again.
    [[nodiscard]] http::Response too_young(const Error& error) const {
        access::AgeBand band = access::AgeBand::child;
        for (const auto& [name, value] : error.arguments) {
            if (name == "band" && value == access::name(access::AgeBand::teen)) band = access::AgeBand::teen;
        }
        auto response = without_guest(http::Response::see_other("/sign-up"));
        response.add_cookie({.name = std::string(accounts::kAgeCookie),
                             .value = accounts_.age_mark(band),
                             .max_age = accounts::kAgeCookieLife});
        return response;
    }

    [[nodiscard]] http::Response trouble_page_of(const http::Request& request, const Error& error) const {
        const TroubleView view{frame(request, _msg("oidc.trouble.title"), "/sign-in"),
                               service_.settings().name, &error};
        auto response =
            shell::page(request, status_of(error), [&](html::Out& out) { trouble_page(out, view); });
        if (error.retry_after_seconds > 0)
            response.set("retry-after", std::to_string(error.retry_after_seconds));
        return response;
    }

    Result<http::Response> trouble(const http::Request& request, const Error& error) const {
        if (!error.message_key.starts_with("oidc.")) return error;
        return trouble_page_of(request, error);
    }

    Result<http::Response> show_guest(const http::Request& request, const Guest& guest,
                                      accounts::SignUpForm typed, const Error* error) const {
        const GuestView view{frame(request, _msg("oidc.guest.title"), "/sign-in"), service_.settings().name,
                             guest, std::move(typed), error};
        return shell::page(request, error != nullptr ? status_of(*error) : 200,
                           [&](html::Out& out) { guest_page(out, view); });
    }

    Result<http::Response> show_settings(const http::Request& request, const Error* error) const {
        SettingsView view{frame(request, _msg("oidc.settings.page_title"), kSettings),
                          service_.settings().name,
                          {},
                          TRY(service_.link(actor_of(request))),
                          guest_of(request),
                          error};
        if (view.frame.context->viewer) view.handle = view.frame.context->viewer->handle;
        return shell::page(request, error != nullptr ? status_of(*error) : 200,
                           [&](html::Out& out) { settings_page(out, view); });
    }

    Service& service_;
    accounts::Accounts& accounts_;
    sessions::Doors& doors_;
    std::string_view journey_cookie_, guest_cookie_;
};

}  // namespace

void add_pages(http::Router& router, Service& service, accounts::Accounts& accounts, sessions::Doors& doors) {
    const Pages pages(service, accounts, doors);
    const auto on = [pages](auto method) {
        return [pages, method](const http::Request& request) { return (pages.*method)(request); };
    };
    const auto sign_in = access::action<sessions::SignIn>();
    const auto join = access::action<accounts::SignUp>();
    const auto manage = access::action<ManageIdentity>();
    const http::RouteOptions form{.max_body = 16 << 10, .per_minute = 30};
    // A class that signs in together has one address; each of these asks the provider, and so waits.
    const http::RouteOptions together{.cost = http::Cost::waits, .max_body = 16 << 10, .per_minute = 120};

    router.get("/sign-in/school", sign_in, on(&Pages::set_out), together);
    router.get("/sign-in/school/back", sign_in, on(&Pages::come_back), together);
    router.get("/sign-in/school/new", join, on(&Pages::guest_form));
    router.post("/sign-in/school/new", join, on(&Pages::join), together);
    router.get("/settings/school", manage, on(&Pages::settings));
    router.post("/settings/school", manage, on(&Pages::tie), form);
    router.post("/settings/school/cut", manage, on(&Pages::cut), form);
}

}  // namespace braid::oidc
