// Time as Braid stores it: microseconds since 1970-01-01T00:00:00Z, and a clock that tests can set.
#pragma once

#include <atomic>
#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

namespace braid {

using Duration = std::chrono::microseconds;

struct Timestamp {
    std::int64_t micros = 0;

    friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
    friend Timestamp operator+(Timestamp t, Duration d) { return {t.micros + d.count()}; }
    friend Timestamp operator-(Timestamp t, Duration d) { return {t.micros - d.count()}; }
    friend Duration operator-(Timestamp a, Timestamp b) { return Duration{a.micros - b.micros}; }
};

// RFC 3339 in UTC with milliseconds: 2026-03-01T17:05:09.250Z.
std::string to_rfc3339(Timestamp t);
// RFC 9110 section 5.6.7 (IMF-fixdate): Sun, 06 Nov 1994 08:49:37 GMT.
std::string to_http_date(Timestamp t);

// Thread-safe. Injected wherever time matters.
class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
  public:
    [[nodiscard]] Timestamp now() const override;
};

// Stands still until told.
class FakeClock final : public Clock {
  public:
    explicit FakeClock(Timestamp start = {1'767'225'600'000'000})
        : now_(start.micros) {}  // 2026-01-01T00:00:00Z
    [[nodiscard]] Timestamp now() const override { return {now_.load()}; }
    void advance(Duration d) { now_ += d.count(); }
    void set(Timestamp t) { now_ = t.micros; }

  private:
    std::atomic<std::int64_t> now_;
};

}  // namespace braid
