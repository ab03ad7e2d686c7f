// A load generator for HTTP/1.1 on loopback: closed loop (as fast as answers come) or open loop (a fixed
// rate, latency counted from when the request was due, so that a stall is not hidden by the generator waiting
// politely: Tene, "coordinated omission").
//
//   load --port 8080 --path /works/1 --connections 64 --seconds 5 [--rate 20000] [--header 'cookie: a=b']
//   [--body '{"n":{n}}']
//
// One line of JSON: requests, failures (neither 2xx nor 3xx), seconds, per_second, p50/p99/max in
// milliseconds, bytes of the last body. {n} in the path or body is replaced by a number that grows with each
// request.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;
using Nanos = std::int64_t;

Nanos now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(SteadyClock::now().time_since_epoch())
        .count();
}

struct Plan {
    int port = 8080;
    int connections = 64;
    double seconds = 5, warm_up = 0.5, rate = 0;
    std::string path = "/", body, method = "GET", content_type = "application/json";
    std::vector<std::string> headers;
};

struct Connection {
    int fd = -1;
    std::string in;
    bool busy = false;
    Nanos due = 0;  // when the running request should have been sent
};

class Generator {
  public:
    explicit Generator(Plan plan)
        : plan_(std::move(plan)), connections_(static_cast<std::size_t>(plan_.connections)) {}

    int run() {
        epoll_ = epoll_create1(0);
        for (Connection& connection : connections_) {
            if (!open(connection)) return 1;
        }
        start_ = now();
        measure_from_ = start_ + static_cast<Nanos>(plan_.warm_up * 1e9);
        end_ = measure_from_ + static_cast<Nanos>(plan_.seconds * 1e9);
        if (plan_.rate > 0) {
            for (Connection& connection : connections_)
                idle_.push_back(&connection);
        } else {
            for (Connection& connection : connections_)
                send(connection, now());
        }
        while (now() < end_)
            step();
        report();
        return 0;
    }

  private:
    bool open(Connection& connection) {
        connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(plan_.port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            std::perror("load: connect");
            return false;
        }
        const int one = 1;
        setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        fcntl(connection.fd, F_SETFL, O_NONBLOCK);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &connection;
        epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
        return true;
    }

    static std::string numbered(std::string text, long number) {
        for (std::size_t at; (at = text.find("{n}")) != std::string::npos;)
            text.replace(at, 3, std::to_string(number));
        return text;
    }

    void send(Connection& connection, Nanos due) {
        connection.busy = true;
        connection.due = due;
        connection.in.clear();
        const long number = sent_++;
        const std::string body = numbered(plan_.body, number);
        std::string request = plan_.method + " " + numbered(plan_.path, number) +
                              " HTTP/1.1\r\nhost: 127.0.0.1:" + std::to_string(plan_.port) + "\r\n";
        for (const std::string& header : plan_.headers)
            request += header + "\r\n";
        if (!plan_.body.empty()) {
            request += "content-type: " + plan_.content_type +
                       "\r\ncontent-length: " + std::to_string(body.size()) + "\r\n";
        }
        request += "\r\n" + body;
        if (::send(connection.fd, request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request.size())) {
            ++failures_;
        }
    }

    void step() {
        const Nanos at = now();
        Nanos wait = 1'000'000;
        if (plan_.rate > 0) {
            const auto interval = 1e9 / plan_.rate;
            while (!idle_.empty()) {
                const Nanos due = start_ + static_cast<Nanos>(static_cast<double>(scheduled_) * interval);
                if (due > at) break;
                ++scheduled_;
                Connection* connection = idle_.front();
                idle_.pop_front();
                send(*connection, due);
            }
            // Sleeps until the next request is due: the cores are shared with the server, which a spinning
            // generator would starve.
            if (!idle_.empty()) {
                wait = std::clamp<Nanos>(
                    start_ + static_cast<Nanos>(static_cast<double>(scheduled_) * interval) - now(), 0, wait);
            }
        }
        std::array<epoll_event, 256> events;
        const timespec timeout{0, static_cast<long>(wait)};
        const int ready =
            epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
        for (int i = 0; i < ready; ++i)
            receive(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    }

    void receive(Connection& connection) {
        std::array<char, 65536> buffer;
        for (;;) {
            const ssize_t got = recv(connection.fd, buffer.data(), buffer.size(), 0);
            if (got > 0) {
                connection.in.append(buffer.data(), static_cast<std::size_t>(got));
                continue;
            }
            if (got == 0) return reopen(connection);
            break;
        }
        if (!connection.busy) return;
        const auto head_end = connection.in.find("\r\n\r\n");
        if (head_end == std::string::npos) return;
        const std::size_t length = content_length(std::string_view(connection.in).substr(0, head_end));
        if (connection.in.size() < head_end + 4 + length) return;
        finish(connection, length);
    }

    static std::size_t content_length(std::string_view head) {
        static constexpr std::string_view kName = "\r\ncontent-length:";
        for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;
             at = head.find("\r\n", at + 2)) {
            if (head.size() - at > kName.size() &&
                strncasecmp(head.data() + at, kName.data(), kName.size()) == 0) {
                return std::strtoul(head.data() + at + kName.size(), nullptr, 10);
            }
        }
        return 0;
    }

    void reopen(Connection& connection) {
        ++failures_;
        epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.fd, nullptr);
        close(connection.fd);
        if (!open(connection)) std::exit(1);
        next(connection);
    }

    void finish(Connection& connection, std::size_t length) {
        const Nanos at = now();
        if (connection.in.size() < 12 || (connection.in[9] != '2' && connection.in[9] != '3')) {
            if (failures_++ == 0) std::fprintf(stderr, "load: %.*s\n", 300, connection.in.c_str());
        }
        if (at >= measure_from_) {
            latencies_.push_back(at - connection.due);
            bytes_ = length;
        }
        next(connection);
    }

    void next(Connection& connection) {
        connection.busy = false;
        if (plan_.rate > 0) {
            idle_.push_back(&connection);
        } else {
            send(connection, now());
        }
    }

    void report() {
        std::sort(latencies_.begin(), latencies_.end());
        const auto at = [&](double share) {
            if (latencies_.empty()) return 0.0;
            const auto index = static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1));
            return static_cast<double>(latencies_[index]) / 1e6;
        };
        std::printf(
            R"({"requests":%zu,"failures":%ld,"seconds":%.2f,"per_second":%.0f,"p50":%.3f,"p99":%.3f,"max":%.3f,"bytes":%zu})"
            "\n",
            latencies_.size(), failures_, plan_.seconds,
            static_cast<double>(latencies_.size()) / plan_.seconds, at(0.5), at(0.99), at(1.0), bytes_);
    }

    Plan plan_;
    std::vector<Connection> connections_;
    std::deque<Connection*> idle_;
    std::vector<Nanos> latencies_;
    int epoll_ = -1;
    Nanos start_ = 0, measure_from_ = 0, end_ = 0;
    long sent_ = 0, scheduled_ = 0, failures_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace

int main(int count, char** words) {
    Plan plan;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        const char* value = words[i + 1];
        if (name == "--port")
            plan.port = std::atoi(value);
        else if (name == "--path")
            plan.path = value;
        else if (name == "--connections")
            plan.connections = std::atoi(value);
        else if (name == "--seconds")
            plan.seconds = std::atof(value);
        else if (name == "--rate")
            plan.rate = std::atof(value);
        else if (name == "--header")
            plan.headers.emplace_back(value);
        else if (name == "--method")
            plan.method = value;
        else if (name == "--body")
            plan.body = value, plan.method = "POST";
        else if (name == "--content-type")
            plan.content_type = value;
        else {
            std::fprintf(stderr, "load: unknown option %s\n", words[i]);
            return 2;
        }
    }
    return Generator(std::move(plan)).run();
}
