#include "identity/sessions/middleware.h"

#include "base/text.h"
#include "platform/http/security.h"
#include "shell/shell.h"

namespace braid::sessions {

namespace {

bool is_safe(http::Method method) {
    return method == http::Method::get || method == http::Method::head || method == http::Method::options;
}

// The token of an Authorization header; "" when the header is of another scheme or holds none.
std::string_view bearer(std::string_view header) {
    constexpr std::string_view kScheme = "bearer ";  // RFC 6750; schemes compare without case
    if (!ascii_iequals(header.substr(0, kScheme.size()), kScheme)) return {};
    return trim(header.substr(kScheme.size()));
}

void attach(http::Request& request, Identity identity) {
    request.attach(identity.actor);
    request.attach(http::Principal{identity.actor.person->text()});
    request.attach(identity.current);
    shell::Viewer viewer;
    viewer.id = identity.actor.person->text();
    viewer.handle = std::move(identity.handle);
    viewer.display_name = std::move(identity.display_name);
    viewer.staff = identity.actor.staff() && identity.actor.standing == access::Standing::complete;
    viewer.language = identity.language;
    request.attach(std::move(viewer));
}

// The path and query of a URL of this site ("https://site/works/7?x=1" → "/works/7?x=1").
std::string_view path_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return url;
    const std::size_t slash = url.find('/', scheme + 3);
    return slash == std::string_view::npos ? "/" : url.substr(slash);
}

// Where identity/factors shows what is set up and what is missing.
constexpr std::string_view kFactorPath = "/settings/second-factor";

std::string sign_in_path(std::string_view next) {
    return "/sign-in?next=" + percent_encode(http::local_path(next, "/"));
}

}  // namespace

http::Middleware attach_actor(Service& service,
                              std::function<http::Response(const http::Request&, const Error&)> error_page) {
    const std::string_view cookie = cookie_names(service.settings().transport).session;
    return [&service, cookie, error_page = std::move(error_page)](http::Request& request,
                                                                  const http::Next& next) -> http::Response {
        if (request.path.starts_with("/assets/")) return next(request);
        const bool api = request.path.starts_with("/api/");
        const auto authorization = api ? request.header("authorization") : std::nullopt;
        if (authorization) {
            // Such a call has passed without a CSRF token: its cookies count for nothing, whatever the header
            // holds.
            auto identity = service.by_bearer(bearer(*authorization));
            if (!identity) {
                Error error = unauthenticated();
                error.message_key = _msg("sessions.token_invalid");
                http::Response response = error_page(request, error);
                response.set("www-authenticate", "Bearer error=\"invalid_token\"");
                return response;
            }
            attach(request, std::move(*identity));
        } else if (const auto value = request.cookie(cookie)) {
            const bool guarded =
                request.matched == nullptr || request.matched->options.csrf || is_safe(request.method);
            if (guarded) {
                if (auto identity = service.by_cookie(*value)) attach(request, std::move(*identity));
            }
        }

        http::Response response = next(request);
        const bool factor_missing = response.status == 403 && !api &&
                                    access::actor_of(request).standing == access::Standing::factor_missing;
        if (factor_missing && is_safe(request.method) && !request.wants_fragment() && !request.wants_json())
            return http::Response::see_other(std::string(kFactorPath));
        if (response.status != 401) return response;
        if (api) {
            response.set("www-authenticate", "Bearer");
        } else if (request.wants_fragment()) {
            response.set("hx-redirect",
                         sign_in_path(path_of(request.header("hx-current-url").value_or("/"))));
        } else if (!request.wants_json() && is_safe(request.method)) {
            return http::Response::see_other(sign_in_path(request.target));
        }
        return response;
    };
}

}  // namespace braid::sessions
