// What an operator watches, in Prometheus' model. The library is behind this header.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace braid::metrics {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Thread-safe. Names follow Prometheus' conventions: braid_http_requests_total, seconds, bytes.
class Registry {
  public:
    Registry();
    ~Registry();
    void count(std::string_view name, Labels labels, double by = 1);
    void observe(std::string_view name, Labels labels, double seconds);  // histogram with latency buckets
    void gauge(std::string_view name, std::function<double()> read);     // asked at every scrape
    // Text exposition format 0.0.4.
    [[nodiscard]] std::string scrape() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace braid::metrics
