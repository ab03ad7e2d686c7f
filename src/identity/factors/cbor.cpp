#include "identity/factors/cbor.h"

#include <algorithm>

#include "base/text.h"

namespace braid::factors::cbor {

namespace {

constexpr int kDeepest = 8;
enum Major : unsigned { kUnsigned, kNegative, kBytes, kText, kArray, kMap, kTag, kSimple };

struct Head {
    unsigned major = 0;
    std::uint64_t argument = 0;
};

// RFC 8949 section 3; section 4.2.1 asks for the shortest form.
std::optional<Head> take_head(std::string_view& input) {
    if (input.empty()) return std::nullopt;
    const auto first = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    Head head{static_cast<unsigned>(first >> 5), first & 31U};
    if (head.argument < 24) return head;
    if (head.argument > 27) return std::nullopt;  // reserved, or of indefinite length
    const std::size_t size = std::size_t{1} << (head.argument - 24);
    if (input.size() < size) return std::nullopt;
    head.argument = 0;
    for (std::size_t i = 0; i < size; ++i)
        head.argument = head.argument << 8 | static_cast<unsigned char>(input[i]);
    input.remove_prefix(size);
    const bool shortest = size == 1 ? head.argument >= 24 : head.argument >> (size * 4) != 0;
    if (!shortest) return std::nullopt;
    return head;
}

std::optional<Value> take_item(std::string_view& input, int depth);

std::optional<Value> take_array(std::string_view& input, std::uint64_t count, int depth) {
    if (count > input.size()) return std::nullopt;  // each item takes a byte at least
    Array items;
    for (std::uint64_t i = 0; i < count; ++i) {
        auto item = take_item(input, depth);
        if (!item) return std::nullopt;
        items.push_back(std::move(*item));
    }
    return Value{std::move(items)};
}

std::optional<Value> take_map(std::string_view& input, std::uint64_t count, int depth) {
    if (count > input.size() / 2) return std::nullopt;
    Map entries;
    for (std::uint64_t i = 0; i < count; ++i) {
        auto key = take_item(input, depth);
        if (!key || (key->get<std::int64_t>() == nullptr && key->get<Text>() == nullptr)) return std::nullopt;
        if (std::find(entries.keys.begin(), entries.keys.end(), *key) != entries.keys.end())
            return std::nullopt;
        auto value = take_item(input, depth);
        if (!value) return std::nullopt;
        entries.keys.push_back(std::move(*key));
        entries.values.push_back(std::move(*value));
    }
    return Value{std::move(entries)};
}

std::optional<Value> take_string(std::string_view& input, const Head& head) {
    if (head.argument > input.size()) return std::nullopt;
    const std::string_view text = input.substr(0, head.argument);
    input.remove_prefix(head.argument);
    if (head.major == kBytes) return Value{Bytes{text}};
    if (!text.empty() && !is_valid_utf8(text)) return std::nullopt;
    return Value{Text{text}};
}

std::optional<Value> take_simple(std::uint64_t argument) {
    switch (argument) {
        case 20:
            return Value{false};
        case 21:
            return Value{true};
        case 22:
            return Value{Null{}};
        default:
            return std::nullopt;
    }
}

std::optional<Value> take_item(std::string_view& input, int depth) {
    if (depth > kDeepest) return std::nullopt;
    const auto head = take_head(input);
    if (!head) return std::nullopt;
    constexpr auto kMost = static_cast<std::uint64_t>(INT64_MAX);
    switch (head->major) {
        case kUnsigned:
            if (head->argument > kMost) return std::nullopt;
            return Value{static_cast<std::int64_t>(head->argument)};
        case kNegative:
            if (head->argument > kMost) return std::nullopt;
            return Value{-1 - static_cast<std::int64_t>(head->argument)};
        case kBytes:
        case kText:
            return take_string(input, *head);
        case kArray:
            return take_array(input, head->argument, depth + 1);
        case kMap:
            return take_map(input, head->argument, depth + 1);
        case kSimple:
            return take_simple(head->argument);
        default:
            return std::nullopt;
    }
}

template <class Key>
const Value* find(const Value& value, const Key& key) {
    const Map* map = value.get<Map>();
    if (map == nullptr) return nullptr;
    for (std::size_t i = 0; i < map->keys.size(); ++i) {
        const Key* is = std::get_if<Key>(&map->keys[i].is);
        if (is != nullptr && *is == key) return &map->values[i];
    }
    return nullptr;
}

}  // namespace

const Value* Value::at(std::int64_t key) const {
    return find(*this, key);
}
const Value* Value::at(std::string_view key) const {
    return find(*this, Text{key});
}

std::optional<Value> take(std::string_view& input) {
    return take_item(input, 0);
}

std::optional<Value> parse(std::string_view input) {
    auto value = take(input);
    if (!value || !input.empty()) return std::nullopt;
    return value;
}

}  // namespace braid::factors::cbor
