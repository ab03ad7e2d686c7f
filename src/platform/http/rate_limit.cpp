#include "platform/http/rate_limit.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

namespace braid::http {

RateLimiter::RateLimiter(const Clock& clock, Random& random, std::size_t max_keys)
    : clock_(clock), max_per_shard_(std::max<std::size_t>(1, max_keys / kShards)) {
    static_assert(sizeof(secret_) == crypto_shorthash_KEYBYTES);
    random.fill(std::as_writable_bytes(std::span(secret_)));
}

std::uint64_t RateLimiter::hash(std::string_view key) const {
    std::uint64_t value = 0;
    crypto_shorthash(reinterpret_cast<unsigned char*>(&value),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                     reinterpret_cast<const unsigned char*>(secret_));
    return value;
}

int RateLimiter::take(std::string_view key, int per_minute, int burst) {
    if (per_minute <= 0) return 0;
    const std::uint64_t id = hash(key) ^ static_cast<std::uint64_t>(per_minute);
    Shard& shard = shards_[id % kShards];
    const std::int64_t interval = 60'000'000 / per_minute;
    const std::int64_t capacity = interval * std::max(1, burst);

    const std::lock_guard lock(shard.mutex);
    shard.now = std::max(shard.now, clock_.now().micros);
    auto found = shard.full_at.find(id);
    const std::int64_t full_at = std::max(found == shard.full_at.end() ? 0 : found->second, shard.now);
    // A token is there when, after taking it, the bucket is not emptier than empty.
    const std::int64_t after = full_at + interval;
    if (const std::int64_t short_by = after - shard.now - capacity; short_by > 0) {
        return static_cast<int>(std::max<std::int64_t>(1, (short_by + 999'999) / 1'000'000));
    }
    if (found == shard.full_at.end()) {
        if (shard.full_at.size() >= max_per_shard_) make_room(shard);
        shard.full_at.emplace(id, after);
    } else {
        found->second = after;
    }
    return 0;
}

void RateLimiter::make_room(Shard& shard) const {
    std::erase_if(shard.full_at, [&](const auto& bucket) { return bucket.second <= shard.now; });
    if (shard.full_at.size() < max_per_shard_) return;
    // All of them are in use: forget the eighth that is nearest to full.
    std::vector<std::int64_t> times;
    times.reserve(shard.full_at.size());
    for (const auto& [id, full_at] : shard.full_at)
        times.push_back(full_at);
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 8);
    std::nth_element(times.begin(), middle, times.end());
    const std::int64_t limit = *middle;
    std::erase_if(shard.full_at, [&](const auto& bucket) { return bucket.second <= limit; });
}

std::size_t RateLimiter::size() const {
    std::size_t sum = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        sum += shard.full_at.size();
    }
    return sum;
}

}  // namespace braid::http
