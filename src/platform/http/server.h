// The HTTP/1.1 server: one event loop per core for the network, a bounded pool of workers for what waits.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/http/router.h"
#include "platform/metrics/metrics.h"

namespace braid::http {

struct Limits {
    std::chrono::milliseconds header_time{
        10'000};                                  // from the first byte of a request to the end of its header
    std::chrono::milliseconds body_time{30'000};  // between two pieces of a body
    std::chrono::milliseconds idle_time{75'000};  // between two requests
    std::chrono::milliseconds total_time{
        120'000};                                  // from the first byte of a request to the last of its body
    std::chrono::milliseconds write_time{30'000};  // between two pieces of an answer that the client takes
    std::chrono::milliseconds heartbeat{15'000};   // between two signs of life in an event stream
    std::size_t max_header_bytes = 16 << 10;
    std::size_t max_connections = 10'000;
    int workers = 64;                       // threads for handlers that wait; mostly asleep
    int queue = 512;                        // waiting for a worker; beyond it 503 with Retry-After
    int max_fields = 1000;                  // of a form or a query; beyond it 400
    std::size_t max_field_bytes = 4 << 20;  // of one field of a form (the row's max_body is there too)
    std::size_t max_live_bytes =
        256 << 10;            // waiting for one slow reader of an event stream; beyond it she is dropped
    bool rate_limits = true;  // false: neither the next nor those of rows; for tests and measurements
    int per_minute = 0;       // requests per client address over the whole site; 0: no limit
};

struct TlsFiles {
    std::filesystem::path certificate_chain, private_key;  // PEM; read again when they change
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    int port = 8080;  // 0: any free port, see Server::port()
    int loops = 0;    // 0: one per core
    Limits limits;
    std::optional<TlsFiles> tls;
    std::vector<std::string>
        trusted_proxies;             // addresses or CIDR blocks whose X-Forwarded-* and X-Request-Id count
    std::vector<std::string> hosts;  // names answered to; empty: any
    std::string public_url;          // scheme and authority as people see it
    std::filesystem::path upload_folder;  // for bodies of multipart forms
    bool reads_inline = true;             // Cost::reads on the loops (SQLite) or on workers (PostgreSQL)
    // Called on a loop's thread around the requests it answers itself in one go: before the first, and before
    // it looks at what has arrived since. Both or neither; must not throw.
    std::function<void()> turn_begins, turn_ends;
    bool security_headers = true;  // as http::security_headers() sets them, around everything
    bool access_log = true;  // one info line per request: route, status, time; never the path or the query
    bool measured = true;    // this server's numbers are the ones in the registry (not: an admin listener)
};

// Turns an error into what the client reads. Called in one place, on any thread of the server. For a request
// that broke off early (a malformed header, a full queue) no middleware of the program has run, so nothing
// but CspNonce is attached.
using ErrorPage = std::function<Response(const Request&, const Error&)>;

inline constexpr std::string_view kEndStreams = "end-streams";

// Live updates to open pages of this node, by channel name. Thread-safe; never blocks the publisher.
class LiveHub {
  public:
    virtual ~LiveHub() = default;
    // `event` and `data` as in the server-sent events standard (WHATWG HTML, section 9.2). The event
    // kEndStreams is not sent: the streams that listen to the channel are given nothing more and end within a
    // moment; pages then ask anew whether, and to what, they may listen.
    virtual void publish(std::string_view channel, std::string_view event, std::string_view data) = 0;
    [[nodiscard]] virtual std::size_t listeners() const = 0;
};

// A handler runs on a loop or on a worker (Cost); its exceptions become errors once: sql::Failure lost, full
// or busy → unavailable (503), everything else → internal (500), logged with the request's id.
//
// start() makes the process ignore SIGPIPE: a client that goes away is a return value here.
class Server {
  public:
    // `middleware` wraps handlers from the first (outermost) to the last. `router` and `error_page` must
    // outlive the server.
    Server(ServerOptions options, const Router& router, std::vector<Middleware> middleware,
           ErrorPage error_page, const Clock& clock, metrics::Registry& metrics);
    ~Server();
    void start();  // throws std::system_error when the address cannot be bound
    [[nodiscard]] int port() const;
    [[nodiscard]] LiveHub& live();
    // Stops accepting, closes idle connections and streams, lets running requests finish for at most `grace`,
    // closes the rest, joins the threads. A handler that runs on a worker is waited for however long it
    // takes. Once; the destructor stops with 0.
    void stop(std::chrono::milliseconds grace);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace braid::http
