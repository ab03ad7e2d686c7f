#include "shell/shell.h"

#include <algorithm>

#include "base/text.h"
#include "platform/http/problem.h"
#include "shell/cookies.h"
#include "shell/errors.html.h"

namespace braid::shell {

namespace {

constexpr Duration kFlashLife = std::chrono::minutes(5);

// A flash is a key of the catalogue and nothing else: who can write a cookie here can still not make us say
// her words.
std::optional<std::string> flash_of(const http::Request& request, i18n::Language language) {
    const auto key = request.cookie(kFlashCookie);
    if (!key || key->empty() || key->size() > 80) return std::nullopt;
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    };
    if (!std::ranges::all_of(*key, plain) || i18n::format(language, *key) == *key) return std::nullopt;
    return std::string(*key);
}

http::Response rendered(const http::Request& request, int status,
                        const std::function<void(html::Out&)>& render) {
    const PageContext& context = context_of(request);
    html::Out out(context.language, context.nonce);
    render(out);
    http::Response response = http::Response::html(status, out.take());
    response.set("vary", "cookie, accept-language, hx-request");
    return response;
}

// An error knows moments as microseconds: here they become words.
std::vector<std::pair<std::string, std::string>> in_words(
    i18n::Language language, std::vector<std::pair<std::string, std::string>> arguments) {
    for (auto& [name, value] : arguments) {
        if (name != "until") continue;
        if (const auto micros = parse_integer(value)) value = i18n::moment(language, Timestamp{*micros});
    }
    return arguments;
}

struct Words {
    std::string_view heading;
    Picture picture;
    bool retry;
};

Words words_for(ErrorCode code) {
    switch (code) {
        case ErrorCode::not_found:
            return {_msg("shell.error.not_found"), Picture::ends, false};
        case ErrorCode::gone:
            return {_msg("shell.error.gone"), Picture::ends, false};
        case ErrorCode::forbidden:
            return {_msg("shell.error.forbidden"), Picture::gate, false};
        case ErrorCode::unauthenticated:
            return {_msg("shell.error.sign_in"), Picture::gate, false};
        case ErrorCode::too_large:
            return {_msg("shell.error.too_large"), Picture::gate, false};
        case ErrorCode::unsupported:
            return {_msg("shell.error.unsupported"), Picture::gate, false};
        case ErrorCode::too_many_requests:
            return {_msg("shell.error.too_many"), Picture::gate, true};
        case ErrorCode::conflict:
            return {_msg("shell.error.conflict"), Picture::knot, false};
        case ErrorCode::malformed:
        case ErrorCode::invalid:
            return {_msg("shell.error.invalid"), Picture::knot, false};
        case ErrorCode::unavailable:
            return {_msg("shell.error.unavailable"), Picture::apart, true};
        case ErrorCode::internal:
            break;
    }
    return {_msg("shell.error.internal"), Picture::knot, true};
}

}  // namespace

Frame frame(const http::Request& request, std::string title, Place place) {
    const PageContext& context = context_of(request);
    Frame made;
    made.context = &context;
    made.title = std::move(title);
    made.place = place;
    // The address to come back to: of this page, or of the page whose form this was.
    made.path = http::local_path(request.method == http::Method::get ? request.target : request.path, "/");
    made.flash = flash_of(request, context.language);
    return made;
}

http::Response page(const http::Request& request, int status, const std::function<void(html::Out&)>& render) {
    http::Response response = rendered(request, status, render);
    if (request.cookie(kFlashCookie)) {
        response.add_cookie({.name = std::string(kFlashCookie), .value = "", .max_age = Duration(-1)});
    }
    return response;
}

http::Response fragment(const http::Request& request, int status,
                        const std::function<void(html::Out&)>& render) {
    return rendered(request, status, render);
}

http::Response redirect_with(const http::Request& /*request*/, std::string path,
                             std::string_view message_key) {
    http::Response response = http::Response::see_other(std::move(path));
    response.add_cookie(
        {.name = std::string(kFlashCookie), .value = std::string(message_key), .max_age = kFlashLife});
    return response;
}

std::string text(const http::Request& request, std::string_view key, i18n::Arguments arguments) {
    return i18n::format(context_of(request).language, key, arguments);
}

http::Response error_page(const http::Request& request, const Error& error) {
    const PageContext& context = context_of(request);
    if (request.wants_json()) {
        return http::problem(request, error, [&](std::string_view key, const auto& arguments) {
            return i18n::format(context.language, key, in_words(context.language, arguments));
        });
    }
    if (error.code == ErrorCode::unauthenticated) {
        // Back to this page after signing in, when it can be asked for again.
        const std::string next =
            request.method == http::Method::get ? http::local_path(request.target, "/") : "/";
        const std::string path = "/sign-in?next=" + percent_encode(next);
        if (!request.wants_fragment()) return http::Response::see_other(path);
        http::Response response = http::Response::html(401, {});
        response.set("hx-redirect", path);
        return response;
    }

    const Words words = words_for(error.code);
    ErrorView view;
    view.heading = i18n::format(context.language, words.heading);
    view.message =
        i18n::format(context.language, error.message_key, in_words(context.language, error.arguments));
    for (const auto& [name, value] : error.arguments) {
        if (name == "path") view.way = http::local_path(value, "");
    }
    for (const FieldError& wrong : error.fields) {
        view.fields.push_back(i18n::format(context.language, wrong.message_key, wrong.arguments));
    }
    view.picture = words.picture;
    view.retry = words.retry && request.method == http::Method::get;
    if (error.code == ErrorCode::internal || error.code == ErrorCode::unavailable)
        view.request_id = request.id;
    view.frame = frame(request, view.heading);

    const int status = http::status_of(error.code);
    http::Response response =
        request.wants_fragment()
            ? fragment(request, status, [&](html::Out& out) { error_fragment(out, view); })
            : page(request, status, [&](html::Out& out) { error_body(out, view); });
    response.set("cache-control", "no-store");
    if (error.retry_after_seconds > 0) response.set("retry-after", std::to_string(error.retry_after_seconds));
    return response;
}

}  // namespace braid::shell
