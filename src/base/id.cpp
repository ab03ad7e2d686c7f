#include "base/id.h"

#include <algorithm>
#include <array>

namespace braid {

namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";  // Crockford: no i, l, o, u
constexpr std::int64_t kEpochMillis = 1'704'067'200'000;                    // 2024-01-01T00:00:00Z
constexpr int kMaxSequence = 4095;

}  // namespace

std::string id_to_text(std::int64_t value) {
    auto rest = static_cast<std::uint64_t>(value);
    std::string text;
    do {
        text.push_back(kAlphabet[rest & 31U]);
        rest >>= 5U;
    } while (rest != 0);
    std::reverse(text.begin(), text.end());
    return text;
}

std::optional<std::int64_t> id_from_text(std::string_view text) {
    if (text.empty() || text.size() > 13 || text.front() == '0') return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        const auto digit = kAlphabet.find(c);
        if (digit == std::string_view::npos || value >> 59U != 0) return std::nullopt;
        value = value << 5U | digit;
    }
    if (value >> 63U != 0) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::int64_t IdMaker::next() {
    const std::scoped_lock lock(mutex_);
    const std::int64_t millis = std::max<std::int64_t>(clock_.now().micros / 1000 - kEpochMillis, 1);
    if (millis > last_millis_) {
        last_millis_ = millis;
        sequence_ = 0;
    } else if (++sequence_ > kMaxSequence) {
        ++last_millis_;  // borrow from the next millisecond rather than wait for it
        sequence_ = 0;
    }
    return last_millis_ << 22 | static_cast<std::int64_t>(node_) << 12 | sequence_;
}

}  // namespace braid
