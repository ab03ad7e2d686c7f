// Typed, time-ordered 64-bit identifiers, made by the node without asking the database.
//
// Layout, most significant bit first: 0, 41 bits of milliseconds since 2024-01-01T00:00:00Z (until 2093), 10
// bits of node number, 12 bits of sequence within the millisecond. Always positive, so it fits a signed
// BIGINT; sorting by id is sorting by time of creation. In URLs: Crockford base 32, lower case, without
// leading zeros (at most 13 characters).
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace braid {

std::string id_to_text(std::int64_t value);
// nothing unless `text` is the canonical form of a positive id.
std::optional<std::int64_t> id_from_text(std::string_view text);

// `Tag` is any incomplete type: using WorkId = Id<struct WorkTag>;
template <class Tag>
struct Id {
    std::int64_t value = 0;

    [[nodiscard]] std::string text() const { return id_to_text(value); }
    [[nodiscard]] static std::optional<Id> parse(std::string_view text) {
        if (const auto value = id_from_text(text)) return Id{*value};
        return std::nullopt;
    }
    explicit operator bool() const { return value != 0; }
    friend auto operator<=>(const Id&, const Id&) = default;
};

// Thread-safe. Ids from one maker strictly increase, also when the clock steps back.
class IdMaker {
  public:
    // `node` in [0, 1023]: unique among the nodes that write to one database.
    IdMaker(const Clock& clock, int node) : clock_(clock), node_(node & 1023) {}

    template <class IdType>
    [[nodiscard]] IdType make() {
        return IdType{next()};
    }
    [[nodiscard]] std::int64_t next();

  private:
    const Clock& clock_;
    const int node_;
    std::mutex mutex_;
    std::int64_t last_millis_ = 0;
    int sequence_ = 0;
};

}  // namespace braid

template <class Tag>
struct std::hash<braid::Id<Tag>> {
    std::size_t operator()(const braid::Id<Tag>& id) const noexcept {
        return std::hash<std::int64_t>{}(id.value);
    }
};
