#include "base/time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace braid {

namespace {

std::tm utc(Timestamp t) {
    auto seconds = static_cast<std::time_t>(t.micros / 1'000'000);
    if (t.micros % 1'000'000 < 0) --seconds;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return parts;
}

}  // namespace

std::string to_rfc3339(Timestamp t) {
    const std::tm parts = utc(t);
    const auto millis = static_cast<int>(((t.micros % 1'000'000) + 1'000'000) % 1'000'000 / 1000);
    std::array<char, 40> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                      parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, millis);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string to_http_date(Timestamp t) {
    static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::tm parts = utc(t);
    std::array<char, 40> text{};
    const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                     kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                     kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                                     parts.tm_hour, parts.tm_min, parts.tm_sec);
    return {text.data(), static_cast<std::size_t>(length)};
}

Timestamp SystemClock::now() const {
    return {
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

}  // namespace braid
