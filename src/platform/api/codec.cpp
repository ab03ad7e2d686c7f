#include "platform/api/codec.h"

#include <algorithm>
#include <stdexcept>

#include "base/text.h"
#include "platform/i18n/i18n.h"

namespace braid::api {

namespace {

constexpr std::size_t kMostErrors = 25;

std::string joined(const std::vector<std::string_view>& words) {
    std::string text;
    for (const auto word : words) {
        if (!text.empty()) text += ", ";
        text += word;
    }
    return text;
}

std::string limit_text(std::optional<std::int64_t> limit) {
    return std::to_string(limit.value_or(0));
}

void append_limits(std::string& out, const Field* limits, std::string_view least, std::string_view most) {
    if (limits == nullptr) return;
    if (limits->min) out += ",\"" + std::string(least) + "\":" + limit_text(limits->min);
    if (limits->max) out += ",\"" + std::string(most) + "\":" + limit_text(limits->max);
}

void append_says(std::string& out, const Field* limits) {
    if (limits == nullptr || limits->says.empty()) return;
    out += ",\"description\":";
    append_json_text(out, limits->says);
}

}  // namespace

void Reading::fail(std::string_view message_key, std::vector<std::pair<std::string, std::string>> arguments) {
    if (errors_.size() < kMostErrors)
        errors_.push_back({pointer_, std::string(message_key), std::move(arguments)});
}

std::size_t Reading::enter(std::string_view member) {
    const std::size_t before = pointer_.size();
    pointer_ += '/';
    for (const char c : member) {  // RFC 6901 section 3
        if (c == '~')
            pointer_ += "~0";
        else if (c == '/')
            pointer_ += "~1";
        else
            pointer_ += c;
    }
    return before;
}

std::size_t Reading::enter(std::size_t index) {
    return enter(std::string_view(std::to_string(index)));
}

Error Reading::error() && {
    Error error{ErrorCode::invalid, "error.invalid", {}, std::move(errors_), {}, 0};
    return error;
}

bool Reading::text(const Json& value, std::string& out, const Field* limits) {
    if (value.kind != Json::Kind::text) return fail(_msg("api.must_be_text")), false;
    if (value.text.find('\0') != std::string::npos) return fail(_msg("api.nul")), false;
    if (limits != nullptr) {
        const auto length = static_cast<std::int64_t>(count_code_points(value.text));
        if (limits->min && length < *limits->min)
            return fail(_msg("api.too_short"), {{"limit", limit_text(limits->min)}}), false;
        if (limits->max && length > *limits->max)
            return fail(_msg("api.too_long"), {{"limit", limit_text(limits->max)}}), false;
        if (!limits->one_of.empty()) {
            const auto words = split(limits->one_of, ' ');
            if (std::find(words.begin(), words.end(), value.text) == words.end()) {
                return fail(_msg("api.must_be_one_of"), {{"choices", joined(words)}}), false;
            }
        }
    }
    out = value.text;
    return true;
}

bool Reading::integer(const Json& value, std::int64_t& out, std::int64_t least, std::int64_t most,
                      const Field* limits) {
    if (value.kind != Json::Kind::integer) return fail(_msg("api.must_be_integer")), false;
    if (limits != nullptr && limits->min) least = std::max(least, *limits->min);
    if (limits != nullptr && limits->max) most = std::min(most, *limits->max);
    if (value.integer < least || value.integer > most) {
        return fail(_msg("api.out_of_range"),
                    {{"min", std::to_string(least)}, {"max", std::to_string(most)}}),
               false;
    }
    out = value.integer;
    return true;
}

bool Reading::real(const Json& value, double& out, const Field* limits) {
    if (value.kind != Json::Kind::integer && value.kind != Json::Kind::real)
        return fail(_msg("api.must_be_number")), false;
    if (limits != nullptr && ((limits->min && value.real < static_cast<double>(*limits->min)) ||
                              (limits->max && value.real > static_cast<double>(*limits->max)))) {
        return fail(_msg("api.out_of_range"),
                    {{"min", limit_text(limits->min)}, {"max", limit_text(limits->max)}}),
               false;
    }
    out = value.real;
    return true;
}

bool Reading::boolean(const Json& value, bool& out) {
    if (value.kind != Json::Kind::boolean) return fail(_msg("api.must_be_boolean")), false;
    out = value.boolean;
    return true;
}

bool Reading::list(const Json& value, const Field* limits) {
    if (value.kind != Json::Kind::list) return fail(_msg("api.must_be_list")), false;
    const auto size = static_cast<std::int64_t>(value.items.size());
    if (limits != nullptr && limits->min && size < *limits->min) {
        return fail(_msg("api.too_few"), {{"limit", limit_text(limits->min)}}), false;
    }
    if (limits != nullptr && limits->max && size > *limits->max) {
        return fail(_msg("api.too_many"), {{"limit", limit_text(limits->max)}}), false;
    }
    return true;
}

bool Reading::object(const Json& value) {
    if (value.kind != Json::Kind::object) return fail(_msg("api.must_be_object")), false;
    return true;
}

bool Reading::id(const Json& value, std::int64_t& out) {
    const auto id = value.kind == Json::Kind::text ? id_from_text(value.text) : std::nullopt;
    if (!id) return fail(_msg("api.must_be_id")), false;
    out = *id;
    return true;
}

bool Reading::choice(const Json& value, std::size_t& out, const std::string_view* names, std::size_t count) {
    const std::vector<std::string_view> words(names, names + count);
    const auto found =
        value.kind == Json::Kind::text ? std::find(words.begin(), words.end(), value.text) : words.end();
    if (found == words.end()) return fail(_msg("api.must_be_one_of"), {{"choices", joined(words)}}), false;
    out = static_cast<std::size_t>(found - words.begin());
    return true;
}

void Reading::unknown_members(const Json& value, const std::vector<std::string_view>& known) {
    for (const auto& [name, member] : value.members) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::size_t before = enter(ellipsis(name, 80));
        fail(_msg("api.unknown_member"));
        leave(before);
    }
}

bool Schemas::begin(const std::string& name, std::type_index type) {
    const auto [at, added] = types_.try_emplace(name, type);
    if (!added && at->second != type) {
        throw std::logic_error("two types of the API are named " + name +
                               "; the document needs a name for each");
    }
    return added;
}

std::string schema_of_text(std::string_view type, const Field* limits, std::string_view more) {
    std::string out = "{\"type\":\"" + std::string(type) + "\"";
    if (type == "string") append_limits(out, limits, "minLength", "maxLength");
    if (type == "integer" || type == "number") append_limits(out, limits, "minimum", "maximum");
    if (!more.empty()) out += "," + std::string(more);
    if (limits != nullptr && !limits->one_of.empty()) {
        out += ",\"enum\":[";
        bool first = true;
        for (const auto word : split(limits->one_of, ' ')) {
            if (!std::exchange(first, false)) out += ',';
            append_json_text(out, word);
        }
        out += ']';
    }
    if (limits != nullptr && !limits->format.empty())
        out += ",\"format\":\"" + std::string(limits->format) + "\"";
    append_says(out, limits);
    return out + "}";
}

std::string schema_of_choice(const std::string_view* names, std::size_t count, const Field* limits) {
    std::string out = R"({"type":"string","enum":[)";
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out += ',';
        append_json_text(out, names[i]);
    }
    out += ']';
    append_says(out, limits);
    return out + "}";
}

std::string schema_of_list(const std::string& items, const Field* limits) {
    std::string out = R"({"type":"array","items":)" + items;
    append_limits(out, limits, "minItems", "maxItems");
    append_says(out, limits);
    return out + "}";
}

std::string schema_or_null(const std::string& schema) {
    // What has one type takes null as a second one; a reference or a choice stands beside it.
    constexpr std::string_view kType = "{\"type\":\"";
    if (schema.starts_with(kType) && schema.find("\"enum\"") == std::string::npos) {
        const auto end = schema.find('"', kType.size());
        return "{\"type\":[\"" + schema.substr(kType.size(), end - kType.size()) + "\",\"null\"]" +
               schema.substr(end + 1);
    }
    return "{\"anyOf\":[" + schema + ",{\"type\":\"null\"}]}";
}

std::string schema_of_page(const std::string& items) {
    return R"({"type":"object","required":["items","next"],"additionalProperties":false,"properties":{"items":{"type":"array","items":)" +
           items +
           R"(},"next":{"type":["string","null"],"description":"Pass it as `after` for the next page; null on the last one."}}})";
}

std::string schema_reference(const std::string& name, const Field* limits) {
    std::string out = "{\"$ref\":\"#/components/schemas/" + name + "\"";
    append_says(out, limits);
    return out + "}";
}

std::string schema_of_object(const std::vector<MemberSchema>& members) {
    std::string properties, required;
    for (const auto& member : members) {
        if (!properties.empty()) properties += ',';
        append_json_text(properties, member.name);
        properties += ':' + member.schema;
        if (!member.required) continue;
        if (!required.empty()) required += ',';
        append_json_text(required, member.name);
    }
    std::string out = "{\"type\":\"object\"";
    if (!required.empty()) out += ",\"required\":[" + required + "]";
    return out + ",\"additionalProperties\":false,\"properties\":{" + properties + "}}";
}

void check_fields(const std::string& type, const std::vector<MemberSchema>& members, const Field* fields,
                  std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const bool known = std::any_of(members.begin(), members.end(),
                                       [&](const auto& each) { return each.name == fields[i].name; });
        if (!known)
            throw std::logic_error("api_fields of " + type + " names " + std::string(fields[i].name) +
                                   ", which is no member");
    }
}

}  // namespace braid::api
