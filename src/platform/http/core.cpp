#include "platform/http/core.h"

#include <algorithm>
#include <exception>

#include "base/id.h"
#include "base/text.h"
#include "platform/http/problem.h"
#include "platform/http/security.h"
#include "platform/log/log.h"
#include "platform/sql/sql.h"

namespace braid::http {

namespace {

constexpr std::string_view kRequests = "braid_http_requests_total";
constexpr std::string_view kSeconds = "braid_http_request_seconds";
constexpr std::string_view kRefused = "braid_http_refused_total";

FormLimits form_limits_of(const Limits& limits) {
    return {limits.max_fields, 200, limits.max_field_bytes};
}

Refusal no_such_route(const Router::Match& match, Method method) {
    if (!match.wrong_method) return {not_found("no such route"), 0, {}};
    Refusal refusal{
        Error{ErrorCode::unsupported, std::string(message_keys::kWrongMethod), {}, {}, {}, 0}, 405, {}};
    refusal.error.arguments.emplace_back("method", std::string(method_name(method)));
    refusal.headers.emplace_back("Allow", match.allowed);
    return refusal;
}

}  // namespace

Core::Core(ServerOptions options, const Router& router, std::vector<Middleware> middleware,
           ErrorPage error_page, const Clock& the_clock, metrics::Registry& metrics)
    : workers(options.limits.workers, options.limits.queue),
      clock(the_clock),
      options_(std::move(options)),
      form_limits_(form_limits_of(options_.limits)),
      router_(router),
      middleware_(std::move(middleware)),
      error_page_(std::move(error_page)),
      metrics_(metrics),
      proxies_(options_.trusted_proxies),
      secure_cookies_(options_.public_url.starts_with("https://")),
      limiter_(the_clock, random_),
      innermost_(options_.limits.rate_limits
                     ? rate_limits(limiter_, options_.limits.per_minute)
                     : [](Request& request, const Next& next) { return next(request); }) {
    for (const std::string& host : options_.hosts)
        hosts_.push_back(host_name(host));
    random_.fill(std::as_writable_bytes(std::span(&id_seed_, 1)));
    if (options_.security_headers) {
        outermost_ = security_headers(random_, secure_cookies_);
    } else {
        outermost_ = [](Request& request, const Next& next) { return next(request); };
    }
    // From the inside out: handler, rate limits, the program's middleware, security headers.
    const auto wrap = [this](const Middleware& middleware) {
        const Next& next = chain_.front();
        chain_.emplace_front([&middleware, &next](Request& request) { return middleware(request, next); });
    };
    chain_.emplace_front([this](Request& request) { return run_handler(request); });
    wrap(innermost_);
    for (auto link = middleware_.rbegin(); link != middleware_.rend(); ++link)
        wrap(*link);
    const Next& program = chain_.front();
    chain_.emplace_front([this, &program](Request& request) { return guarded(request, program); });
    wrap(outermost_);
    early_ = [this](Request& request) { return to_page(request, request.refusal->error); };

    numbers_.resize(router.routes().size() + 1);
    if (options_.measured) {
        metrics.describe(kRequests, "Requests answered, by route pattern, method and status.");
        metrics.describe(kSeconds,
                         "From the end of a request to the last byte of its answer, by route pattern.");
        metrics.describe(kRefused, "Connections and requests refused before their handler, by reason.");
    }
}

std::string Core::make_request_id() {
    // splitmix64 is a bijection: no two ids of one process are equal, and two processes start at random
    // places. Always 13 characters.
    std::uint64_t x = id_seed_ + next_id_.fetch_add(1, std::memory_order_relaxed) * 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    std::string text = id_to_text(static_cast<std::int64_t>(x ^ (x >> 31U)));
    text.insert(0, 13 - text.size(), '0');
    return text;
}

void Core::begin(Request& request, std::string_view peer, bool tls) {
    request.received = clock.now();
    request.remote_address = peer;
    request.secure = tls;
    proxies_.apply(request);
    if (!hosts_.empty() && std::find(hosts_.begin(), hosts_.end(), host_name(request.host)) == hosts_.end()) {
        request.refusal = Refusal{Error{ErrorCode::not_found,
                                        std::string(message_keys::kWrongHost),
                                        "host " + request.host,
                                        {},
                                        {},
                                        0},
                                  421,
                                  {}};
        return;
    }
    Router::Match match = router_.find(request.method, request.path);
    if (match.route == nullptr) {
        request.refusal = no_such_route(match, request.method);
        return;
    }
    request.matched = match.route;
    request.route = match.route->pattern;
    request.path_parameters = std::move(match.parameters);
}

bool Core::runs_inline(const Request& request) const {
    if (!options_.reads_inline) return false;
    return request.matched == nullptr || request.matched->options.cost == Cost::reads;
}

Response Core::run_handler(Request& request) {
    if (request.refusal) return to_page(request, request.refusal->error);
    return guarded(request, [this](Request& r) {
        Result<Response> result = r.matched->handler(r);
        if (result.ok()) return std::move(result).value();
        return to_page(r, std::move(result).error());
    });
}

// The one place where exceptions end. Twice in a chain: around the handler, so that what middleware adds on
// the way out is there, and around the middleware.
Response Core::guarded(Request& request, const Next& next) noexcept {
    std::string what;
    try {
        return next(request);
    } catch (const sql::Failure& failure) {
        const auto kind = failure.kind();
        what = failure.what();
        if (kind == sql::FailureKind::lost || kind == sql::FailureKind::full ||
            kind == sql::FailureKind::busy) {
            return to_page(request, unavailable(std::move(what), kind == sql::FailureKind::busy ? 1 : 10));
        }
    } catch (const std::exception& failure) {
        what = failure.what();
    } catch (...) {
        what = "unknown exception";
    }
    return to_page(
        request,
        Error{ErrorCode::internal, std::string(message_keys::kInternal), std::move(what), {}, {}, 0});
}

// The one place where an error becomes what the client reads.
Response Core::to_page(Request& request, Error error) noexcept {
    const Refusal* refusal = request.refusal ? &*request.refusal : nullptr;
    const bool bug = error.code == ErrorCode::internal;
    // What the server itself refuses is counted, not logged: an overload must not write a line per request.
    if (bug || (error.code == ErrorCode::unavailable && refusal == nullptr)) {
        log::write(bug ? log::Level::error : log::Level::warning, "http.failed",
                   {{"request", request.id},
                    {"route", request.route},
                    {"code", code_name(error.code)},
                    {"detail", error.detail}});
    }
    Response response;
    try {
        response = error_page_(request, error);
    } catch (const std::exception& failure) {
        log::error("http.error_page_failed", {{"request", request.id}, {"detail", failure.what()}});
        response =
            Response::text(status_of(error.code), std::string(reason_of(status_of(error.code))) + "\n");
    }
    if (refusal != nullptr) {
        if (refusal->status != 0) response.status = refusal->status;
        for (const auto& [name, value] : refusal->headers)
            response.set(name, value);
    }
    if (error.retry_after_seconds > 0) response.set("Retry-After", std::to_string(error.retry_after_seconds));
    return response;
}

Outgoing Core::answer(Request& request, bool close, bool old_version) noexcept {
    return finish(request, guarded(request, chain_.front()), close, old_version);
}

Outgoing Core::answer_early(Request& request) noexcept {
    if (request.received.micros == 0) request.received = clock.now();
    if (request.path.empty()) request.path = "/";
    return finish(request, guarded(request, [this](Request& r) { return outermost_(r, early_); }), true,
                  false);
}

Outgoing Core::finish(Request& request, Response&& response, bool close, bool old_version) noexcept {
    const Delivery delivery{clock.now(), secure_cookies_, close || draining.load(std::memory_order_relaxed),
                            old_version};
    try {
        return prepare(request, std::move(response), delivery);
    } catch (const std::exception& failure) {  // a file that is gone, a cookie that cannot be written
        Error error{ErrorCode::internal, std::string(message_keys::kInternal), failure.what(), {}, {}, 0};
        try {
            return prepare(request, to_page(request, std::move(error)), delivery);
        } catch (const std::exception&) {
            return prepare(Request(), Response::text(500, "Internal Server Error\n"), delivery);
        }
    }
}

metrics::Histogram& Core::seconds_of(RouteNumbers& numbers, std::string_view route) {
    metrics::Histogram* seconds = numbers.seconds.load(std::memory_order_acquire);
    if (seconds == nullptr) {
        seconds = &metrics_.histogram(kSeconds, {{"route", route}});
        numbers.seconds.store(seconds, std::memory_order_release);
    }
    return *seconds;
}

void Core::note(const Request& request, const Outgoing& out, std::chrono::nanoseconds took) {
    if (options_.measured) {
        const std::size_t row = request.matched != nullptr ? request.matched->index : numbers_.size() - 1;
        const std::string_view route = request.matched != nullptr ? request.route : "none";
        RouteNumbers& numbers = numbers_[row];
        const auto status = static_cast<std::size_t>(std::clamp(out.status, 100, 599));
        metrics::Counter* counter = numbers.by_status[status].load(std::memory_order_acquire);
        if (counter == nullptr) {
            // Two threads may look up at once: both find the same series.
            counter = &metrics_.counter(
                kRequests,
                {{"route", route},
                 {"method", request.matched != nullptr ? method_name(request.matched->method) : "none"},
                 {"status", std::to_string(status)}});
            numbers.by_status[status].store(counter, std::memory_order_release);
        }
        counter->add();
        seconds_of(numbers, route).observe(std::chrono::duration<double>(took).count());
    }
    if (options_.access_log) {
        log::info("http.request", {{"method", method_name(request.method)},
                                   {"route", request.route},
                                   {"status", out.status},
                                   {"ms", std::chrono::duration<double, std::milli>(took).count()},
                                   {"bytes", out.written},
                                   {"from", request.remote_address},
                                   {"request", request.id}});
    }
}

void Core::note_refused(const char* why) {
    if (options_.measured) metrics_.count(kRefused, {{"why", why}});
}

}  // namespace braid::http
