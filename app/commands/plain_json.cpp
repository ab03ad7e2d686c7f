#include "app/commands/plain_json.h"

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

namespace braid::app::commands {

namespace {

namespace json = boost::json;

void append(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    std::array<char, 400> digits{};  // the smallest number has 324 places
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
    out.append(digits.data(), end);
}

void append(std::string& out, const json::value& value) {
    if (const auto* object = value.if_object()) {
        out += '{';
        for (const auto& [key, held] : *object) {
            if (out.back() != '{') out += ',';
            out += json::serialize(json::string(key)) + ":";
            append(out, held);
        }
        out += '}';
    } else if (const auto* array = value.if_array()) {
        out += '[';
        for (const json::value& held : *array) {
            if (out.back() != '[') out += ',';
            append(out, held);
        }
        out += ']';
    } else if (const auto* number = value.if_double()) {
        append(out, *number);
    } else {
        out += json::serialize(value);
    }
}

}  // namespace

std::string plain_json(const json::value& value) {
    std::string out;
    append(out, value);
    return out;
}

}  // namespace braid::app::commands
