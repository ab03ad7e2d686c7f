// From a request to what goes over the wire: the chain of middleware, errors, and the server's own numbers.
// Internal to this folder; knows no sockets. Thread-safe once made.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "platform/http/outgoing.h"
#include "platform/http/rate_limit.h"
#include "platform/http/server.h"
#include "platform/http/target.h"
#include "platform/http/workers.h"

namespace braid::http {

class Core {
  public:
    Core(ServerOptions options, const Router& router, std::vector<Middleware> middleware,
         ErrorPage error_page, const Clock& clock, metrics::Registry& metrics);
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    // What is known once the header was read: who asks, for which row. Sets request.refusal where that is
    // already an answer.
    void begin(Request& request, std::string_view peer, bool tls);
    // Runs the chain. Never throws.
    [[nodiscard]] Outgoing answer(Request& request, bool close, bool old_version) noexcept;
    // For a request that broke off: its refusal as a page, without the program's middleware.
    [[nodiscard]] Outgoing answer_early(Request& request) noexcept;
    // Whether this request runs on the loop.
    [[nodiscard]] bool runs_inline(const Request& request) const;
    // Counts and logs an answered request.
    void note(const Request& request, const Outgoing& out, std::chrono::nanoseconds took);
    void note_refused(const char* why);

    [[nodiscard]] const ServerOptions& options() const { return options_; }
    [[nodiscard]] const FormLimits& form_limits() const { return form_limits_; }
    [[nodiscard]] std::string make_request_id();

    Workers workers;
    std::atomic<std::size_t> connections{0};
    std::atomic<bool> draining{false};
    const Clock& clock;

  private:
    struct RouteNumbers {
        std::atomic<metrics::Histogram*> seconds{nullptr};
        std::array<std::atomic<metrics::Counter*>, 600> by_status{};  // looked up once each
    };

    metrics::Histogram& seconds_of(RouteNumbers& numbers, std::string_view route);
    Response run_handler(Request& request);
    Response guarded(Request& request, const Next& next) noexcept;
    Response to_page(Request& request, Error error) noexcept;
    [[nodiscard]] Outgoing finish(Request& request, Response&& response, bool close,
                                  bool old_version) noexcept;

    const ServerOptions options_;
    const FormLimits form_limits_;
    const Router& router_;
    const std::vector<Middleware> middleware_;
    const ErrorPage error_page_;
    metrics::Registry& metrics_;
    const TrustedProxies proxies_;
    std::vector<std::string> hosts_;
    bool secure_cookies_ = false;
    SystemRandom random_;
    RateLimiter limiter_;
    Middleware outermost_, innermost_;
    std::deque<Next> chain_;  // made once: chain_[i] runs middleware_[i] with chain_[i + 1]
    Next early_;
    std::atomic<std::uint64_t> next_id_{0};
    std::uint64_t id_seed_ = 0;
    std::deque<RouteNumbers> numbers_;  // per row of the router, the last for no row
};

}  // namespace braid::http
