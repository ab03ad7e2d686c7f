// The part of CBOR (RFC 8949) that authenticators write, read strictly: integers, byte and text strings,
// arrays, maps, true, false and null; definite lengths in their shortest form, no tags, no floats. What is
// not that is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace braid::factors::cbor {

struct Bytes {
    std::string_view value;
    friend bool operator==(const Bytes&, const Bytes&) = default;
};
struct Text {
    std::string_view value;  // valid UTF-8
    friend bool operator==(const Text&, const Text&) = default;
};
struct Null {
    friend bool operator==(const Null&, const Null&) = default;
};
struct Value;
using Array = std::vector<Value>;
// The value at a place belongs to the key at that place. Keys are integers or texts, each once.
struct Map {
    std::vector<Value> keys, values;
    friend bool operator==(const Map& a, const Map& b);
};

// Strings point into what was parsed.
struct Value {
    std::variant<Null, bool, std::int64_t, Bytes, Text, Array, Map> is;
    friend bool operator==(const Value&, const Value&) = default;

    // The value of a key of a map; nothing when this is no map or has no such key.
    [[nodiscard]] const Value* at(std::int64_t key) const;
    [[nodiscard]] const Value* at(std::string_view key) const;
    template <class T>
    [[nodiscard]] const T* get() const {
        return std::get_if<T>(&is);
    }
};

inline bool operator==(const Map& a, const Map& b) {
    return a.keys == b.keys && a.values == b.values;
}

// One item from the front of `input`, which is then what follows it. Nothing, and `input` in no particular
// place, when it is malformed, nests deeper than 8, or has an integer beyond 64 bits with its sign.
std::optional<Value> take(std::string_view& input);
// One item that is all of `input`.
std::optional<Value> parse(std::string_view input);

}  // namespace braid::factors::cbor
