#include "platform/api/json.h"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace braid::api {

namespace {

namespace json = boost::json;

constexpr std::size_t kDepth = 32;

// Builds the tree from what the parser meets (Boost.JSON's basic_parser calls these).
struct Handler {
    static constexpr std::size_t max_object_size = 10'000;
    static constexpr std::size_t max_array_size = 100'000;
    static constexpr std::size_t max_key_size = 1000;
    static constexpr std::size_t max_string_size = std::size_t{64} << 20;

    Json root;
    std::vector<Json*> open;
    std::string name, text;
    bool duplicate = false;

    Json& next() {
        if (open.empty()) return root;
        Json& around = *open.back();
        if (around.kind == Json::Kind::list) return around.items.emplace_back();
        around.members.push_back({std::move(name), {}});
        return around.members.back().value;
    }
    bool begin(Json::Kind kind) {
        Json& value = next();
        value.kind = kind;
        open.push_back(&value);
        return true;
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return begin(Json::Kind::object); }
    bool on_object_end(std::size_t, json::error_code&) { return open.pop_back(), true; }
    bool on_array_begin(json::error_code&) { return begin(Json::Kind::list); }
    bool on_array_end(std::size_t, json::error_code&) { return open.pop_back(), true; }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        return text.append(part.data(), part.size()), true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code& error) {
        text.append(part.data(), part.size());
        if (open.back()->find(text) != nullptr) {
            duplicate = true;
            error = json::error::syntax;
            return false;
        }
        name = std::exchange(text, {});
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        return text.append(part.data(), part.size()), true;
    }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        text.append(part.data(), part.size());
        Json& value = next();
        value.kind = Json::Kind::text;
        value.text = std::exchange(text, {});
        return true;
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
        Json& value = next();
        value.kind = Json::Kind::integer;
        value.integer = number;
        value.real = static_cast<double>(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, json::error_code& error) {
        return on_double(static_cast<double>(number), {}, error);  // larger than any integer we take
    }
    bool on_double(double number, json::string_view, json::error_code&) {
        Json& value = next();
        value.kind = Json::Kind::real;
        value.real = number;
        return true;
    }
    bool on_bool(bool flag, json::error_code&) {
        Json& value = next();
        value.kind = Json::Kind::boolean;
        value.boolean = flag;
        return true;
    }
    bool on_null(json::error_code&) { return next(), true; }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }
};

}  // namespace

const Json* Json::find(std::string_view member) const {
    for (const auto& [key, value] : members) {
        if (key == member) return &value;
    }
    return nullptr;
}

std::optional<Json> parse_json(std::string_view text, std::string& problem) {
    json::parse_options options;
    options.max_depth = kDepth;
    json::basic_parser<Handler> parser(options);
    json::error_code error;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
    if (!error && used < text.size()) error = json::error::extra_data;
    if (!error) return std::move(parser.handler().root);
    problem = (parser.handler().duplicate ? "the member \"" + parser.handler().text + "\" twice"
                                          : error.message()) +
              " at byte " + std::to_string(used);
    return std::nullopt;
}

void append_json_text(std::string& out, std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) continue;
        out.append(text, run, i - run);
        run = i + 1;
        if (c == '"' || c == '\\') {
            out += '\\';
            out += text[i];
        } else if (c == '\n') {
            out += "\\n";
        } else {
            out += "\\u00";
            out += kHex[c >> 4];
            out += kHex[c & 15];
        }
    }
    out.append(text, run, text.size() - run);
    out += '"';
}

void append_json_real(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";  // JSON has no other word for it
        return;
    }
    std::array<char, 32> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out.append(digits.data(), end);
}

}  // namespace braid::api
