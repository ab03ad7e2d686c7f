// The HTTP/1.1 server: one event loop per core for the network, a bounded pool of workers for what waits.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "platform/http/router.h"
#include "platform/metrics/metrics.h"

namespace braid::http {

struct Limits {
    std::chrono::milliseconds header_time{10'000}, body_time{30'000}, idle_time{75'000}, total_time{120'000}, write_time{30'000};
    std::size_t max_header_bytes = 16 << 10;
    std::size_t max_connections = 10'000;
    int workers = 64;            // threads for handlers that wait; mostly asleep
    int queue = 512;             // waiting for a worker; beyond it 503 with Retry-After
};

struct TlsFiles {
    std::filesystem::path certificate_chain, private_key;  // PEM; read again when they change
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    int port = 8080;             // 0: any free port, see Server::port()
    int loops = 0;               // 0: one per core
    Limits limits;
    std::optional<TlsFiles> tls;
    std::vector<std::string> trusted_proxies;  // addresses or CIDR blocks whose X-Forwarded-* and X-Request-Id count
    std::vector<std::string> hosts;            // names answered to; empty: any
    std::string public_url;                    // scheme and authority as people see it
    std::filesystem::path upload_folder;       // for bodies of multipart forms
    bool reads_inline = true;                  // Cost::reads on the loops (SQLite) or on workers (PostgreSQL)
};

// Turns an error into what the client reads. Called in one place.
using ErrorPage = std::function<Response(const Request&, const Error&)>;

// Live updates to open pages of this node, by channel name. Thread-safe; never blocks the publisher.
class LiveHub {
  public:
    virtual ~LiveHub() = default;
    // `event` and `data` as in the server-sent events standard (WHATWG HTML, section 9.2).
    virtual void publish(std::string_view channel, std::string_view event, std::string_view data) = 0;
    [[nodiscard]] virtual std::size_t listeners() const = 0;
};

class Server {
  public:
    // `middleware` wraps handlers from the first (outermost) to the last. `router` and `error_page` must outlive the server.
    Server(ServerOptions options, const Router& router, std::vector<Middleware> middleware, ErrorPage error_page,
           const Clock& clock, metrics::Registry& metrics);
    ~Server();
    void start();                    // throws std::system_error when the address cannot be bound
    [[nodiscard]] int port() const;
    [[nodiscard]] LiveHub& live();
    // Stops accepting, lets running requests finish for at most `grace`, closes streams, joins the threads.
    void stop(std::chrono::milliseconds grace);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace braid::http
