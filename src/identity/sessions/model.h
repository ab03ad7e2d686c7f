// The rules of sessions and tokens that need no storage. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "base/time.h"

namespace braid::sessions {

inline constexpr Duration kAbsoluteLife = std::chrono::hours(24 * 30);
inline constexpr Duration kIdleLife = std::chrono::hours(24 * 14);
inline constexpr Duration kSeenEvery =
    std::chrono::minutes(10);  // last_seen_at is at most this (and a flush) old
inline constexpr Duration kStepLife = std::chrono::minutes(10);  // between password and second factor
inline constexpr std::string_view kTokenPrefix = "braid_";
inline constexpr int kTokenDays[] = {7, 30, 90, 365};
inline constexpr int kTokensPerPerson = 20;

// Neither past its end nor left alone for too long.
[[nodiscard]] bool is_alive(Timestamp last_seen, Timestamp expires, Timestamp now);

// Which browser on which system, in two words for people ("Firefox", "Android"); empty where it cannot be
// told. Never the version: it says nothing to people and much about them.
struct Agent {
    std::string browser, system;
    [[nodiscard]] std::string stored() const { return browser + "/" + system; }
    static Agent parse_stored(std::string_view text);
};
Agent summarise_agent(std::string_view user_agent);

// What attempts from one place are counted under: an IPv4 address, or the /64 of an IPv6 one, which one
// household holds whole.
std::string network_of(std::string_view address);

// "read write" ↔ bits of access::Scope. Nothing for an unknown word or none at all.
std::optional<std::uint8_t> parse_scopes(std::string_view words);
std::string scope_words(std::uint8_t scopes);

}  // namespace braid::sessions
