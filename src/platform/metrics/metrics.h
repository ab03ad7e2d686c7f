// What an operator watches, in Prometheus' model. The library is behind this header.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace braid::metrics {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// A number that only grows. Lives as long as its registry; add() is one relaxed atomic addition on a line few
// threads share.
class Counter {
  public:
    void add(std::uint64_t by = 1) { shards_[shard()].value.fetch_add(by, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const;

  private:
    static constexpr std::size_t kShards = 4;
    static std::size_t shard();  // of this thread
    struct alignas(64) Shard {
        std::atomic<std::uint64_t> value{0};
    };
    std::array<Shard, kShards> shards_;
};

// Durations, counted in buckets from 0.5 ms to 10 s. Lives as long as its registry; observe() is three
// relaxed atomic additions.
class Histogram {
  public:
    // Upper bounds in seconds; the last bucket has none.
    static constexpr std::array<double, 14> kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                    0.1,    0.25,  0.5,    1,     2.5,  5,     10};
    void observe(double seconds);
    [[nodiscard]] std::uint64_t count(std::size_t bucket) const {
        return buckets_[bucket].load(std::memory_order_relaxed);
    }
    [[nodiscard]] double sum_seconds() const {
        return static_cast<double>(nanos_.load(std::memory_order_relaxed)) / 1e9;
    }

  private:
    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> buckets_{};
    std::atomic<std::uint64_t> nanos_{0};
};

// Thread-safe. Names follow Prometheus' conventions: braid_http_requests_total, seconds, bytes. A name keeps
// its first kind: using it as another is a bug (std::logic_error), and so is a name or label Prometheus does
// not take.
class Registry {
  public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    // The series itself, for hot paths: look it up once, keep the reference.
    Counter& counter(std::string_view name, Labels labels);
    Histogram& histogram(std::string_view name, Labels labels);

    // The same by name, under a lock.
    void count(std::string_view name, Labels labels, double by = 1);
    void observe(std::string_view name, Labels labels, double seconds);  // histogram with latency buckets
    void gauge(std::string_view name,
               std::function<double()> read);  // asked at every scrape; a later one replaces it
    // The gauge is asked no more; waits for a scrape that is asking it.
    void remove_gauge(std::string_view name);
    // What HELP says. Optional.
    void describe(std::string_view name, std::string_view help);
    // Text exposition format 0.0.4.
    [[nodiscard]] std::string scrape() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace braid::metrics
