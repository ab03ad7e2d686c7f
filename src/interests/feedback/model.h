// The rules of answering that need no storage.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "platform/sql/sql.h"

namespace braid::feedback {

enum class State {
    visible,
    hidden,   // by the work's author: shown to her and to who wrote it
    deleted,  // by who wrote it: its words are gone; the place stays while it has replies
};

// Whether a child's comment is kept from everybody but herself, by what her guardians decided.
enum class Withheld : std::uint8_t {
    no,
    while_paused,  // consent was taken back
    hers_alone,    // since she outgrew who had taken it back
};

inline constexpr std::size_t kMaxCodePoints = 4'000;
inline constexpr Duration kEditTime = std::chrono::hours(24);

// The text as it is stored: line ends are LF, no white space at the ends. Fails with `invalid` on field
// "text" when nothing is left, when it is longer than kMaxCodePoints, or when it is not UTF-8.
Result<std::string> clean_text(std::string_view typed);

// Whether `key` could be a paragraph's: [0-9a-z]{1,12}.
bool is_paragraph_key(std::string_view key);

}  // namespace braid::feedback

template <>
struct braid::sql::EnumNames<braid::feedback::Withheld> {
    static constexpr std::array<std::string_view, 3> names{"no", "while_paused", "hers_alone"};
};
template <>
struct braid::sql::EnumNames<braid::feedback::State> {
    static constexpr std::array<std::string_view, 3> names{"visible", "hidden", "deleted"};
};
