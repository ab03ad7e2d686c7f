#include "platform/http/message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <system_error>

#include "base/text.h"

namespace braid::http {

namespace {

constexpr std::array<std::string_view, 7> kMethods{"GET",   "HEAD",   "POST",   "PUT",
                                                   "PATCH", "DELETE", "OPTIONS"};

// RFC 6265 section 4.1.1: cookie-octet without the quotes.
bool is_cookie_octet(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
}

bool is_token_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// The q-value (RFC 9110 section 12.4.2) in thousandths with which an Accept header takes `type`, and how
// exactly it names it.
struct Preference {
    int weight = -1;
    int precision = -1;
};

int weight_of(std::string_view parameters) {
    for (const auto part : split(parameters, ';')) {
        const auto text = trim(part);
        if (text.size() > 2 && (text[0] == 'q' || text[0] == 'Q') && text[1] == '=') {
            double weight = 0;
            const auto number = text.substr(2);
            const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), weight);
            if (failure != std::errc{} || end != number.data() + number.size()) return 0;
            return static_cast<int>(std::clamp(weight, 0.0, 1.0) * 1000);
        }
    }
    return 1000;
}

Preference preference(std::string_view accept, std::string_view type) {
    Preference best;
    const auto slash = type.find('/');
    for (const auto item : split(accept, ',')) {
        const auto semicolon = item.find(';');
        const auto range = trim(item.substr(0, semicolon));
        int precision = -1;
        if (ascii_iequals(range, type)) precision = 2;
        if (range.size() == slash + 2 && range.ends_with("/*") &&
            ascii_iequals(range.substr(0, slash), type.substr(0, slash))) {
            precision = 1;
        }
        if (range == "*/*") precision = 0;
        if (precision <= best.precision) continue;
        best = {
            weight_of(semicolon == std::string_view::npos ? std::string_view{} : item.substr(semicolon + 1)),
            precision};
    }
    return best;
}

}  // namespace

std::string_view method_name(Method method) {
    return kMethods[static_cast<std::size_t>(method)];
}

std::optional<Method> method_from_name(std::string_view name) {
    for (std::size_t i = 0; i < kMethods.size(); ++i) {
        if (kMethods[i] == name) return static_cast<Method>(i);
    }
    return std::nullopt;
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
    for (const auto& [key, value] : items_) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::vector<std::string_view> Fields::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : items_) {
        if (key == name) values.emplace_back(value);
    }
    return values;
}

const Upload* Form::upload(std::string_view field) const {
    for (const Upload& upload : uploads) {
        if (upload.field == field && upload.size > 0) return &upload;
    }
    return nullptr;
}

Request::~Request() {
    for (const Upload& upload : form.uploads) {
        std::error_code ignored;  // moved away by the handler, or gone: both are fine
        if (!upload.path.empty()) std::filesystem::remove(upload.path, ignored);
    }
}

std::optional<std::string_view> Request::header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers) {
        if (name == lower_case_name) return value;
    }
    return std::nullopt;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
    // RFC 6265 section 4.2.1; a header may come in several lines.
    for (const auto& [header_name, header_value] : headers) {
        if (header_name != "cookie") continue;
        std::string_view rest = header_value;
        while (!rest.empty()) {
            const auto end = rest.find(';');
            std::string_view pair = rest.substr(0, end);
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
            while (!pair.empty() && (pair.front() == ' ' || pair.front() == '\t'))
                pair.remove_prefix(1);
            const auto equals = pair.find('=');
            if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
            std::string_view value = pair.substr(equals + 1);
            while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
                value.remove_suffix(1);
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
                value = value.substr(1, value.size() - 2);
            return value;
        }
    }
    return std::nullopt;
}

std::int64_t Request::path_integer(std::string_view name) const {
    return parse_integer(path_text(name)).value_or(0);
}

std::string_view Request::path_text(std::string_view name) const {
    const auto value = path_parameters.find(name);
    if (!value)
        throw std::logic_error("no path parameter named " + std::string(name) + " in " + std::string(route));
    return *value;
}

bool Request::wants_json() const {
    if (path.starts_with("/api/")) return true;
    const auto accept = header("accept");
    if (!accept) return false;
    const Preference html = preference(*accept, "text/html");
    const Preference json =
        std::max({preference(*accept, "application/json"), preference(*accept, "application/problem+json")},
                 [](const Preference& a, const Preference& b) { return a.weight < b.weight; });
    // "*/*" alone says nothing: a page.
    return json.precision == 2 && json.weight > 0 && (json.weight > html.weight || html.precision < 2);
}

std::optional<std::string_view> Response::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (ascii_iequals(key, name)) return value;
    }
    return std::nullopt;
}

Response& Response::set(std::string name, std::string value) {
    for (auto& [key, old] : headers) {
        if (ascii_iequals(key, name)) {
            old = std::move(value);
            return *this;
        }
    }
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
}

Response& Response::add_cookie(Cookie cookie) {
    cookies.push_back(std::move(cookie));
    return *this;
}

Response& Response::etag(std::string_view tag) {
    std::string quoted;
    quoted.reserve(tag.size() + 2);
    quoted += '"';
    for (const char c : tag) {  // RFC 9110 section 8.8.3: etagc
        if (static_cast<unsigned char>(c) > 0x20 && c != '"' && c != 0x7F) quoted += c;
    }
    quoted += '"';
    return set("ETag", std::move(quoted));
}

namespace {

Response with_type(int status, std::string_view type, std::string body) {
    Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", type);
    response.body = std::move(body);
    return response;
}

}  // namespace

Response Response::html(int status, std::string body) {
    return with_type(status, "text/html; charset=utf-8", std::move(body));
}
Response Response::text(int status, std::string body) {
    return with_type(status, "text/plain; charset=utf-8", std::move(body));
}
Response Response::json(int status, std::string body) {
    return with_type(status, "application/json", std::move(body));
}

Response Response::see_other(std::string path) {
    Response response;
    response.status = 303;
    response.headers.emplace_back("Location", local_path(path, "/"));
    return response;
}

Response Response::see_elsewhere(std::string url) {
    Response response;
    response.status = 303;
    response.headers.emplace_back("Location", std::move(url));
    return response;
}

Response Response::no_content() {
    Response response;
    response.status = 204;
    return response;
}

Response Response::file(FileBody file, std::string media_type) {
    Response response;
    response.headers.emplace_back("Content-Type", std::move(media_type));
    response.body = std::move(file);
    return response;
}

Response Response::live(std::vector<std::string> channels) {
    Response response;
    response.headers.emplace_back("Content-Type", "text/event-stream");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = LiveBody{std::move(channels)};
    return response;
}

std::string set_cookie_text(const Cookie& cookie, bool secure) {
    const bool sound = !cookie.name.empty() &&
                       std::all_of(cookie.name.begin(), cookie.name.end(), is_token_char) &&
                       std::all_of(cookie.value.begin(), cookie.value.end(), is_cookie_octet) &&
                       cookie.path.starts_with('/') &&
                       std::all_of(cookie.path.begin(), cookie.path.end(), is_cookie_octet) &&
                       std::all_of(cookie.same_site.begin(), cookie.same_site.end(), is_token_char);
    if (!sound) throw std::logic_error("cookie that cannot be written: " + cookie.name);
    std::string text = cookie.name + "=" + cookie.value + "; Path=" + cookie.path;
    if (cookie.max_age.count() > 0) {
        text +=
            "; Max-Age=" + std::to_string(std::chrono::ceil<std::chrono::seconds>(cookie.max_age).count());
    } else if (cookie.max_age.count() < 0) {
        text += "; Max-Age=0";
    }
    if (!cookie.same_site.empty()) text += "; SameSite=" + cookie.same_site;
    if (cookie.http_only) text += "; HttpOnly";
    if (secure) text += "; Secure";
    return text;
}

std::string local_path(std::string_view next, std::string_view fallback) {
    // Browsers read '\' as '/', drop tabs and line ends wherever they are, and trim spaces (WHATWG URL,
    // section 4.4): "/\t/x",
    // "/\x" and "//x" all name another site. So: nothing but visible characters, no backslash, one slash at
    // the start.
    const bool visible = std::all_of(next.begin(), next.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '\\';
    });
    const bool local = visible && next.size() <= 2048 && next.starts_with('/') && !next.starts_with("//") &&
                       is_valid_utf8(next);
    if (!local) return std::string(fallback);
    // A dot segment could leave "//" at the start once it is resolved: "/.//x", "/a/..//x".
    const std::string_view path = next.substr(0, next.find_first_of("?#"));
    if (path.find("//") != std::string_view::npos) {
        for (const auto segment : split(path, '/')) {
            const std::string decoded = percent_decode(segment).value_or(std::string(segment));
            if (decoded == "." || decoded == "..") return std::string(fallback);
        }
    }
    return std::string(next);
}

}  // namespace braid::http
