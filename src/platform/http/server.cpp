#include "platform/http/server.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <future>
#include <system_error>
#include <thread>

#include "platform/http/connection.h"
#include "platform/log/log.h"

namespace braid::http {

namespace {

using namespace std::chrono_literals;

constexpr int kBacklog = 4096;
constexpr int kAcceptsAtOnce = 64;

struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;
};

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

Address resolve(const std::string& host, int port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    if (const int failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
        failure != 0) {
        throw std::system_error(std::make_error_code(std::errc::address_not_available),
                                "listen address " + host + ": " + ::gai_strerror(failure));
    }
    Address address;
    std::memcpy(&address.storage, list->ai_addr, list->ai_addrlen);
    address.length = list->ai_addrlen;
    ::freeaddrinfo(list);
    return address;
}

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

int listen_on(const Address& address, const std::string& shown, bool shared) {
    Descriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.get() < 0) fail("socket");
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (shared) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.length) != 0)
        fail("listen on " + shown);
    if (shared && ::listen(socket.get(), kBacklog) != 0) fail("listen on " + shown);
    return socket.release();
}

int port_of(int fd, Address& address) {
    address.length = sizeof address.storage;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.length) != 0)
        fail("getsockname");
    const in_port_t port = address.storage.ss_family == AF_INET6
                               ? reinterpret_cast<sockaddr_in6&>(address.storage).sin6_port
                               : reinterpret_cast<sockaddr_in&>(address.storage).sin_port;
    return ntohs(port);
}

std::string peer_text(const sockaddr_storage& peer) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (peer.ss_family == AF_INET6) {
        const auto& address = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&address)) {
            ::inet_ntop(AF_INET, address.s6_addr + 12, text.data(), text.size());
        } else {
            ::inet_ntop(AF_INET6, &address, text.data(), text.size());
        }
    } else {
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(peer).sin_addr, text.data(), text.size());
    }
    return text.data();
}

// Takes new connections for one loop.
class Acceptor final : public Watcher, public std::enable_shared_from_this<Acceptor> {
  public:
    Acceptor(LoopHome& home, int fd, const TlsContext* tls)
        : home_(home), socket_(home.loop, fd), tls_(tls) {}
    void wait() { socket_.wait_readable(shared_from_this()); }
    void close() { socket_.close(); }
    // After the process ran out of descriptors.
    void resume() {
        if (std::exchange(paused_, false) && socket_.open()) wait();
    }

    void on_readable() override {
        for (int i = 0; i < kAcceptsAtOnce; ++i) {
            sockaddr_storage peer{};
            socklen_t length = sizeof peer;
            const int fd = ::accept4(socket_.fd(), reinterpret_cast<sockaddr*>(&peer), &length,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0) {
                if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                    home_.core.note_refused("descriptors");
                    paused_ = true;  // until the next tick, instead of spinning
                    return;
                }
                if (errno == EAGAIN || errno == EWOULDBLOCK) break;
                continue;
            }
            try {
                home_.accept(fd, peer_text(peer), tls_);
            } catch (const std::exception& failure) {
                log::error("http.accept_failed", {{"detail", failure.what()}});
            }
        }
        wait();
    }
    void on_writable() override {}

  private:
    LoopHome& home_;
    Watched socket_;
    const TlsContext* tls_;
    bool paused_ = false;
};

// Short limits need a fine tick; the usual ones do not.
std::chrono::milliseconds tick_period(const Limits& limits) {
    const auto shortest = std::min({limits.header_time, limits.body_time, limits.idle_time, limits.total_time,
                                    limits.write_time, limits.heartbeat});
    return std::clamp(shortest / 4, 10ms, 500ms);
}

}  // namespace

struct Server::Impl {
    struct Node {
        Loop loop;
        LoopHome home;
        std::shared_ptr<Acceptor> acceptor;  // shared with its wait on the loop
        std::thread thread;
        explicit Node(Core& core) : home(loop, core) {}
    };

    Core core;
    metrics::Registry& metrics;
    std::unique_ptr<TlsContext> tls;
    std::vector<std::unique_ptr<Node>> nodes;
    std::unique_ptr<Hub> hub;
    int port = 0;
    bool running = false;

    Impl(ServerOptions options, const Router& router, std::vector<Middleware> middleware,
         ErrorPage error_page, const Clock& clock, metrics::Registry& the_metrics)
        : core(std::move(options), router, std::move(middleware), std::move(error_page), clock, the_metrics),
          metrics(the_metrics) {
        const int wanted = core.options().loops;
        const int count =
            wanted > 0 ? wanted : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
        std::vector<Hub::Place> places;
        for (int i = 0; i < count; ++i) {
            auto& node = nodes.emplace_back(std::make_unique<Node>(core));
            places.push_back({&node->loop, &node->home.channels});
        }
        hub = std::make_unique<Hub>(std::move(places));
    }

    void run_on(Node& node, std::function<void()> task) {
        std::promise<void> done;
        node.loop.post([&] {
            task();
            done.set_value();
        });
        done.get_future().wait();
    }

    void measure() {
        metrics.describe("braid_http_connections", "Open connections, event streams among them.");
        metrics.describe("braid_http_live_listeners", "Open event streams.");
        metrics.describe("braid_http_queue_depth", "Requests waiting for a worker.");
        metrics.gauge("braid_http_connections",
                      [this] { return static_cast<double>(core.connections.load()); });
        metrics.gauge("braid_http_live_listeners", [this] { return static_cast<double>(hub->listeners()); });
        metrics.gauge("braid_http_queue_depth",
                      [this] { return static_cast<double>(core.workers.queued()); });
    }

    void forget() {
        for (const auto* name :
             {"braid_http_connections", "braid_http_live_listeners", "braid_http_queue_depth"}) {
            metrics.remove_gauge(name);
        }
    }
};

Server::Server(ServerOptions options, const Router& router, std::vector<Middleware> middleware,
               ErrorPage error_page, const Clock& clock, metrics::Registry& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), router, std::move(middleware), std::move(error_page),
                                   clock, metrics)) {}

Server::~Server() {
    stop(0ms);
}

int Server::port() const {
    return impl_->port;
}
LiveHub& Server::live() {
    return *impl_->hub;
}

void Server::start() {
    Impl& impl = *impl_;
    const ServerOptions& options = impl.core.options();
    const std::string shown = options.address + ":" + std::to_string(options.port);
    ::signal(SIGPIPE, SIG_IGN);
    if (options.tls) impl.tls = std::make_unique<TlsContext>(*options.tls);

    // Several sockets may share a port when all ask for it, another process's too: so first see that nobody
    // is there.
    Address address = resolve(options.address, options.port);
    if (options.port != 0) {
        const Descriptor alone(listen_on(address, shown, false));
        if (::listen(alone.get(), 1) != 0) fail("listen on " + shown);
    }
    std::vector<std::unique_ptr<Descriptor>> sockets;
    for (std::size_t i = 0; i < impl.nodes.size(); ++i) {
        sockets.push_back(std::make_unique<Descriptor>(listen_on(address, shown, true)));
        if (i == 0) impl.port = port_of(sockets[0]->get(), address);
    }
    const auto period = tick_period(options.limits);
    for (std::size_t i = 0; i < impl.nodes.size(); ++i) {
        Impl::Node& node = *impl.nodes[i];
        node.acceptor = std::make_shared<Acceptor>(node.home, sockets[i]->release(), impl.tls.get());
        node.acceptor->wait();
        node.loop.every(period, [&node] {
            node.home.tick();
            node.acceptor->resume();
        });
        if (i == 0 && impl.tls) {
            node.loop.every(std::min<std::chrono::milliseconds>(period * 4, 1000ms),
                            [&impl] { impl.tls->reload_if_changed(); });
        }
    }
    if (options.measured) impl.measure();
    impl.running = true;
    for (auto& node : impl.nodes) {
        node->thread = std::thread([&loop = node->loop] { loop.run(); });
    }
}

void Server::stop(std::chrono::milliseconds grace) {
    Impl& impl = *impl_;
    if (!impl.running) return;
    impl.running = false;
    impl.core.draining = true;
    for (auto& node : impl.nodes) {
        impl.run_on(*node, [&] {
            node->acceptor->close();
            node->home.drain();
        });
    }
    const auto until = std::chrono::steady_clock::now() + grace;
    while (impl.core.connections > 0 && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(5ms);
    for (auto& node : impl.nodes)
        impl.run_on(*node, [&] { node->home.close_all(); });
    impl.core.workers.stop();  // their answers find their connections closed
    for (auto& node : impl.nodes) {
        // After everything that workers posted.
        node->loop.post([&node] { node->loop.stop(); });
        node->thread.join();
    }
    if (impl.core.options().measured) impl.forget();
}

}  // namespace braid::http
