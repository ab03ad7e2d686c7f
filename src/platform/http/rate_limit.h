// How often someone may ask.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "base/random.h"
#include "base/time.h"

namespace braid::http {

// Token buckets by key, as the generic cell rate algorithm (ITU-T I.371): each key keeps one time, the moment
// its bucket is full again. Memory is bounded: buckets that are full are forgotten first, then those nearest
// to full. Time is the injected clock's, and never runs backwards here. Thread-safe.
class RateLimiter {
  public:
    // At most `max_keys` buckets are remembered.
    RateLimiter(const Clock& clock, Random& random, std::size_t max_keys = 200'000);

    // Takes one token of `key`'s bucket, which holds `burst` and gains `per_minute` a minute. Returns 0, or
    // in how many seconds (at least 1) to try again. per_minute <= 0: no limit.
    [[nodiscard]] int take(std::string_view key, int per_minute, int burst);
    [[nodiscard]] int take(std::string_view key, int per_minute) { return take(key, per_minute, per_minute); }
    [[nodiscard]] std::size_t size() const;

  private:
    static constexpr std::size_t kShards = 16;
    struct Shard {
        mutable std::mutex mutex;
        std::int64_t now = 0;
        std::unordered_map<std::uint64_t, std::int64_t> full_at;  // hash of the key → microseconds
    };
    [[nodiscard]] std::uint64_t hash(std::string_view key) const;
    void make_room(Shard& shard) const;

    const Clock& clock_;
    const std::size_t max_per_shard_;
    std::uint64_t secret_[2];  // of the hash: nobody outside can aim at a neighbour's bucket
    std::array<Shard, kShards> shards_;
};

}  // namespace braid::http
