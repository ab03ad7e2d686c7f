// JSON in memory, as the API reads it: strict (RFC 8259), no member twice, at most 32 levels deep.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid::api {

struct JsonMember;

struct Json {
    enum class Kind { null, boolean, integer, real, text, list, object };
    Kind kind = Kind::null;
    bool boolean = false;
    std::int64_t integer = 0;
    double real = 0;  // also of an integer
    std::string text;
    std::vector<Json> items;
    std::vector<JsonMember> members;  // in the order they came

    [[nodiscard]] const Json* find(std::string_view name) const;  // member; nullptr when absent
};

struct JsonMember {
    std::string name;
    Json value;
};

// Nothing for malformed text, with what is wrong and where in `problem`.
std::optional<Json> parse_json(std::string_view text, std::string& problem);

// Appends `text` as a JSON string; `text` is UTF-8.
void append_json_text(std::string& out, std::string_view text);
void append_json_real(std::string& out, double value);

}  // namespace braid::api
