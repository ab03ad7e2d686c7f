// Rows: checked when they are declared, and what all of them do with a request.

#include "platform/api/api.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/text.h"
#include "platform/i18n/i18n.h"

namespace braid::api {

namespace {

[[noreturn]] void refuse(const Declaration& declaration, const std::string& what) {
    throw std::logic_error("api row " + declaration.id + " (" +
                           std::string(http::method_name(declaration.method)) + " " + declaration.pattern +
                           "): " + what);
}

bool is_json(std::string_view content_type) {
    return ascii_iequals(trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

std::string joined(const std::vector<std::string_view>& words) {
    std::string text;
    for (const auto word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

void check_value(const Parameter& parameter, std::string_view value, std::vector<FieldError>& errors) {
    const auto fail = [&](std::string_view key,
                          std::vector<std::pair<std::string, std::string>> arguments = {}) {
        errors.push_back({parameter.name, std::string(key), std::move(arguments)});
    };
    switch (parameter.type) {
        case Parameter::Type::text: {
            if (!is_valid_utf8(value)) return fail(_msg("api.must_be_text"));
            const auto length = static_cast<std::int64_t>(count_code_points(value));
            if (parameter.min && length < *parameter.min)
                fail(_msg("api.too_short"), {{"limit", std::to_string(*parameter.min)}});
            if (parameter.max && length > *parameter.max)
                fail(_msg("api.too_long"), {{"limit", std::to_string(*parameter.max)}});
            if (!parameter.one_of.empty() && std::find(parameter.one_of.begin(), parameter.one_of.end(),
                                                       value) == parameter.one_of.end()) {
                fail(_msg("api.must_be_one_of"), {{"choices", joined(parameter.one_of)}});
            }
            return;
        }
        case Parameter::Type::integer: {
            const auto number = parse_integer(value);
            if (!number) return fail(_msg("api.must_be_integer"));
            const auto least = parameter.min.value_or(std::numeric_limits<std::int64_t>::min());
            const auto most = parameter.max.value_or(std::numeric_limits<std::int64_t>::max());
            if (*number < least || *number > most) {
                fail(_msg("api.out_of_range"),
                     {{"min", std::to_string(least)}, {"max", std::to_string(most)}});
            }
            return;
        }
        case Parameter::Type::boolean:
            if (value != "true" && value != "false") fail(_msg("api.must_be_boolean"));
            return;
        case Parameter::Type::id:
            if (!id_from_text(value)) fail(_msg("api.must_be_id"));
            return;
    }
}

}  // namespace

namespace detail {

std::string tag_of(std::string_view pattern) {
    // The first segment after /api/v1/.
    const auto parts = split(pattern, '/');
    return parts.size() > 3 ? std::string(parts[3]) : std::string("site");
}

Result<Json> body_of(const http::Request& request) {
    const auto type = request.header("content-type");
    if (!type || !is_json(*type)) {
        return Error{ErrorCode::unsupported,
                     _msg("api.json_only"),
                     "content-type " + std::string(type.value_or("absent")),
                     {},
                     {},
                     0};
    }
    std::string problem;
    auto json = parse_json(request.body, problem);
    if (!json)
        return Error{ErrorCode::malformed, _msg("api.malformed"), problem, {}, {{"problem", problem}}, 0};
    return std::move(*json);
}

Result<void> check_query(const Declaration& declaration, const http::Request& request) {
    std::vector<FieldError> errors;
    std::set<std::string_view> seen;
    for (const auto& [name, value] : request.query.items()) {
        if (errors.size() >= 25) break;
        const auto parameter =
            std::find_if(declaration.query.begin(), declaration.query.end(),
                         [&name = name](const Parameter& each) { return each.name == name; });
        if (parameter == declaration.query.end())
            errors.push_back({ellipsis(name, 80), _msg("api.unknown_parameter"), {}});
        else if (!seen.insert(name).second)
            errors.push_back({name, _msg("api.twice"), {}});
        else
            check_value(*parameter, value, errors);
    }
    for (const auto& parameter : declaration.query) {
        if (parameter.required && !seen.contains(parameter.name))
            errors.push_back({parameter.name, _msg("api.missing"), {}});
    }
    if (errors.empty()) return success();
    return Error{ErrorCode::invalid, "error.invalid", {}, std::move(errors), {}, 0};
}

http::Response answer(const Declaration& declaration, int status, std::string body, bool has_body,
                      std::vector<std::pair<std::string, std::string>> headers) {
    if (status == 0) status = declaration.answers.front().status;
    const bool declared = std::any_of(declaration.answers.begin(), declaration.answers.end(),
                                      [&](const Answer& each) { return each.status == status; });
    if (!declared) refuse(declaration, "answers " + std::to_string(status) + ", which is not declared");
    auto response = has_body ? http::Response::json(status, std::move(body)) : http::Response{};
    response.status = status;
    for (auto& [name, value] : headers)
        response.headers.emplace_back(std::move(name), std::move(value));
    response.set("Cache-Control", "private, no-store");
    return response;
}

std::string next_link(const http::Request& request, std::string_view cursor) {
    // RFC 8288.
    std::string url = "<";
    for (const auto segment : split(request.path, '/')) {
        if (!segment.empty()) url += "/" + percent_encode(segment);
    }
    url += "?after=" + percent_encode(cursor);
    for (const auto& [name, value] : request.query.items()) {
        if (name != "after") url += "&" + percent_encode(name) + "=" + percent_encode(value);
    }
    return url + ">; rel=\"next\"";
}

}  // namespace detail

PageRequest page_of(const http::Request& request, int usual) {
    PageRequest page{std::string(request.query.get("after")), usual};
    if (const auto limit = parse_integer(request.query.get("limit"))) page.limit = static_cast<int>(*limit);
    return page;
}

Error bad_cursor() {
    return invalid("after", _msg("api.bad_cursor"));
}

Api::Api(http::Router& router, Options options) : router_(router), options_(std::move(options)) {}
Api::~Api() = default;

Operation<void, void> Api::declare(http::Method method, std::string pattern, http::ActionRef action,
                                   std::string id, std::string summary) {
    Declaration declaration;
    declaration.method = method;
    declaration.tag = detail::tag_of(pattern);
    declaration.pattern = std::move(pattern);
    declaration.action = action.name();
    declaration.id = std::move(id);
    declaration.summary = std::move(summary);
    declaration.options.cost = method == http::Method::get ? http::Cost::reads : http::Cost::waits;
    return {*this, std::move(declaration)};
}

const Declaration& Api::add(Declaration declaration) {
    if (!declaration.pattern.starts_with("/api/")) refuse(declaration, "a pattern begins with /api/");
    if (declaration.answers.empty()) refuse(declaration, "returns() is missing");
    const bool reads = declaration.method == http::Method::get;
    if (reads && !declaration.body_schema.empty()) refuse(declaration, "a GET has no body");
    for (const auto& other : declarations_) {
        if (other.id == declaration.id) refuse(declaration, "the operation id is taken by " + other.pattern);
    }
    for (const auto& [name, says] : declaration.path_says) {
        if (declaration.pattern.find("{" + name + ":") == std::string::npos)
            refuse(declaration, "no path parameter " + name);
    }
    for (const int status : declaration.errors) {
        if (status < 400 || status > 599) refuse(declaration, std::to_string(status) + " is no error");
    }
    for (const auto& answer : declaration.answers) {
        if (answer.status == 204 && !answer.schema.empty()) refuse(declaration, "204 has no body");
    }
    return declarations_.emplace_back(std::move(declaration));
}

void Api::route(const Declaration& declaration, http::Handler handler) {
    router_.add({declaration.method, declaration.pattern, http::ActionRef(declaration.action),
                 std::move(handler), declaration.options});
}

void Api::require_all() const {
    for (const auto& route : router_.routes()) {
        if (!route.pattern.starts_with("/api/")) continue;
        const bool declared =
            std::any_of(declarations_.begin(), declarations_.end(), [&](const Declaration& each) {
                return each.method == route.method && each.pattern == route.pattern;
            });
        if (!declared)
            throw std::logic_error("the route " + route.pattern + " is not declared with api::Api");
    }
}

}  // namespace braid::api
