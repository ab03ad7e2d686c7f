// The OpenAPI 3.1 document, written from the declarations.

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/text.h"
#include "platform/api/api.h"
#include "platform/http/problem.h"

namespace braid::api {

namespace {

std::string text(std::string_view value) {
    std::string out;
    append_json_text(out, value);
    return out;
}

struct PathParameter {
    std::string name, type;
};

// "/api/v1/works/{work:id}" → "/api/v1/works/{work}" and {work, id}.
std::string open_path(std::string_view pattern, std::vector<PathParameter>& parameters) {
    std::string path;
    while (!pattern.empty()) {
        const auto open = pattern.find('{');
        path += pattern.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = pattern.find('}', open);
        const auto inner = pattern.substr(open + 1, close - open - 1);
        const auto colon = inner.find(':');
        parameters.push_back({std::string(inner.substr(0, colon)), std::string(inner.substr(colon + 1))});
        path += "{" + parameters.back().name + "}";
        pattern.remove_prefix(close + 1);
    }
    return path;
}

std::string path_schema(std::string_view type) {
    if (type == "id") return R"({"type":"string","pattern":"^[0-9a-hjkmnp-tv-z]{1,13}$"})";
    if (type == "int") return R"({"type":"integer","format":"int64"})";
    return R"({"type":"string"})";
}

std::string query_schema(const Parameter& parameter) {
    Field limits{.name = parameter.name, .says = {}, .min = parameter.min, .max = parameter.max};
    switch (parameter.type) {
        case Parameter::Type::id:
            return path_schema("id");
        case Parameter::Type::boolean:
            return schema_of_text("boolean", nullptr);
        case Parameter::Type::integer:
            return schema_of_text("integer", &limits);
        case Parameter::Type::text:
            break;
    }
    if (!parameter.one_of.empty())
        return schema_of_choice(parameter.one_of.data(), parameter.one_of.size(), nullptr);
    return schema_of_text("string", &limits);
}

// Statuses of errors a row can answer with.
std::set<int> errors_of(const Declaration& row, const Requirement& needs, bool has_path) {
    std::set<int> errors(row.errors.begin(), row.errors.end());
    errors.insert({401, 429, 503});
    if (needs.sign_in || !needs.scope.empty()) errors.insert(403);
    if (has_path) errors.insert(404);
    if (!row.body_schema.empty()) errors.insert({400, 413, 415, 422});
    // Every row refuses a query parameter it does not know.
    errors.insert(422);
    return errors;
}

std::string_view says_of(int status) {
    switch (status) {
        case 400:
            return "The request cannot be read.";
        case 401:
            return "Sign in first: the token is missing, wrong, expired or withdrawn.";
        case 403:
            return "Known to you and refused, or the token's scope does not allow it.";
        case 404:
            return "Absent, or not for you: the two are not told apart.";
        case 409:
            return "Somebody changed it first, or the name is taken.";
        case 410:
            return "It was here and has ended.";
        case 413:
            return "The body is too large.";
        case 415:
            return "The body must be application/json.";
        case 422:
            return "The input breaks a rule; `errors` says which.";
        case 429:
            return "Too often; try again after the seconds in Retry-After.";
        case 503:
            return "Nothing was written; try again after the seconds in Retry-After.";
        default:
            return "Refused.";
    }
}

std::string response_name(int status) {
    return "Error" + std::to_string(status);
}

std::string problem_response(int status) {
    std::string out = "{\"description\":" + text(says_of(status));
    if (status == 429 || status == 503) {
        out +=
            R"(,"headers":{"Retry-After":{"description":"Seconds to wait.","schema":{"type":"integer","minimum":0}}})";
    }
    return out +
           R"(,"content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}})";
}

constexpr std::string_view kProblem =
    R"({"type":"object","description":"RFC 9457.","required":["type","title","status","code","detail"],"properties":{)"
    R"("type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},)"
    R"("code":{"type":"string","description":"For programs: the kind of failure."},)"
    R"("detail":{"type":"string","description":"For people, in the language of the request."},)"
    R"("instance":{"type":"string"},"request_id":{"type":"string"},)"
    R"("errors":{"type":"array","items":{"type":"object","required":["field","code","detail"],"properties":{)"
    R"("field":{"type":"string","description":"JSON pointer into the body (RFC 6901), or the name of a query parameter."},)"
    R"("code":{"type":"string"},"detail":{"type":"string"}}}}}})";

std::string parameters_of(const Declaration& row, const std::vector<PathParameter>& path) {
    std::string out;
    for (const auto& parameter : path) {
        const auto says = std::find_if(row.path_says.begin(), row.path_says.end(),
                                       [&](const auto& each) { return each.first == parameter.name; });
        out += out.empty() ? "" : ",";
        out += "{\"name\":" + text(parameter.name) + R"(,"in":"path","required":true,"schema":)" +
               path_schema(parameter.type);
        if (says != row.path_says.end()) out += ",\"description\":" + text(says->second);
        out += "}";
    }
    for (const auto& parameter : row.query) {
        out += out.empty() ? "" : ",";
        out += "{\"name\":" + text(parameter.name) + R"(,"in":"query","required":)" +
               (parameter.required ? "true" : "false") + ",\"description\":" + text(parameter.says) +
               ",\"schema\":" + query_schema(parameter) + "}";
    }
    return out;
}

std::string answers_of(const Declaration& row) {
    std::string out;
    for (const auto& answer : row.answers) {
        out += out.empty() ? "" : ",";
        out += text(std::to_string(answer.status)) + ":{\"description\":" + text(answer.says);
        if (answer.schema.starts_with(R"({"type":"object","required":["items","next"])")) {
            out +=
                R"(,"headers":{"Link":{"description":"rel=\"next\" when there is a next page (RFC 8288).","schema":{"type":"string"}}})";
        }
        if (!answer.schema.empty())
            out += ",\"content\":{\"application/json\":{\"schema\":" + answer.schema + "}}";
        out += "}";
    }
    return out;
}

std::string operation(const Declaration& row, const Requirement& needs,
                      const std::vector<PathParameter>& path, const std::set<int>& errors) {
    std::string out = "{\"operationId\":" + text(row.id) + ",\"summary\":" + text(row.summary) +
                      ",\"tags\":[" + text(row.tag) + "]";
    if (!row.says.empty()) out += ",\"description\":" + text(row.says);
    if (const auto parameters = parameters_of(row, path); !parameters.empty())
        out += ",\"parameters\":[" + parameters + "]";
    if (!row.body_schema.empty()) {
        out += R"(,"requestBody":{"required":true,"content":{"application/json":{"schema":)" +
               row.body_schema + "}}}";
    }
    out += ",\"responses\":{" + answers_of(row);
    for (const int status : errors) {
        out += ",\"" + std::to_string(status) + R"(":{"$ref":"#/components/responses/)" +
               response_name(status) + "\"}";
    }
    // Roles of a bearer token are what OpenAPI 3.1 calls the scopes of other schemes; {} is "without".
    const std::string token = "{\"token\":[" + (needs.scope.empty() ? "" : text(needs.scope)) + "]}";
    return out + "},\"security\":[" + (needs.sign_in ? token : "{}," + token) + "]}";
}

}  // namespace

std::string Api::document() const {
    std::map<std::string, std::string> paths;
    std::set<int> used_errors;
    std::set<std::string> tags;
    for (const auto& row : declarations_) {
        std::vector<PathParameter> parameters;
        const std::string path = open_path(row.pattern, parameters);
        const Requirement needs = options_.requirement ? options_.requirement(row.action) : Requirement{};
        const auto errors = errors_of(row, needs, !parameters.empty());
        used_errors.insert(errors.begin(), errors.end());
        tags.insert(row.tag);
        std::string& operations = paths[path];
        operations += operations.empty() ? "" : ",";
        operations += text(ascii_lower(http::method_name(row.method))) + ":" +
                      operation(row, needs, parameters, errors);
    }
    std::string out = R"({"openapi":"3.1.0","info":{"title":)" + text(options_.title) +
                      ",\"version\":" + text(options_.version) +
                      R"(,"license":{"name":"Apache-2.0","identifier":"Apache-2.0"}},"servers":[{"url":)" +
                      text(options_.server_url.empty() ? "/" : options_.server_url) + "}],\"tags\":[";
    bool first = true;
    for (const auto& tag : tags)
        out += (std::exchange(first, false) ? "" : ",") + ("{\"name\":" + text(tag) + "}");
    out += "],\"paths\":{";
    first = true;
    for (const auto& [path, operations] : paths) {
        out += (std::exchange(first, false) ? "" : ",") + text(path) + ":{" + operations + "}";
    }
    out += "},\"components\":{\"schemas\":{\"Problem\":" + std::string(kProblem);
    for (const auto& [name, each] : schemas_.all())
        out += "," + text(name) + ":" + each;
    out += "},\"responses\":{";
    first = true;
    for (const int status : used_errors) {
        out += (std::exchange(first, false) ? "" : ",") + text(response_name(status)) + ":" +
               problem_response(status);
    }
    out +=
        R"(},"securitySchemes":{"token":{"type":"http","scheme":"bearer","description":"A personal token, made in the settings. Its scopes say what it may do."}}}})";
    return out;
}

void Api::serve_document(std::string pattern, http::ActionRef action) {
    Declaration row;
    row.method = http::Method::get;
    row.tag = "site";
    row.pattern = std::move(pattern);
    row.action = action.name();
    row.id = "getDocument";
    row.summary = "This document";
    row.options.cost = http::Cost::reads;
    row.answers.push_back({200, "OpenAPI 3.1", R"({"type":"object"})"});
    row.answers.push_back({304, "Not changed since the ETag in If-None-Match", ""});
    const Declaration& added = add(std::move(row));
    served_ = document();
    served_tag_ = std::to_string(std::hash<std::string>{}(served_));
    route(added, [this, &added](const http::Request& request) -> Result<http::Response> {
        TRY(detail::check_query(added, request));
        auto response = http::Response::json(200, served_);
        response.etag(served_tag_);
        response.set("Cache-Control", "public, max-age=300");
        return response;
    });
}

}  // namespace braid::api
