// Many open pages that listen, and one writer: how long until a comment is on every page, and what an open
// page costs the server.
//
//   live --port 8080 --pages 5000 --seconds 5 --pid PID --listen /works/1/chapters/2/live --post
//   /works/1/chapters/2/comments
//        --body 'text=…&token=x-{n}' [--header 'cookie: a=b']
//
// Comments are posted one after the other, each when the one before is on all pages. A latency is counted
// from when the post is sent, so the commit and its sync are in it. One line of JSON: notices, lost (not on a
// page within two seconds), p50/p99/max in milliseconds over all pages, posted (median milliseconds until the
// writer has her answer), kilobytes of the server's resident memory per page.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;

double now() {
    return std::chrono::duration<double, std::milli>(SteadyClock::now().time_since_epoch()).count();
}

struct Plan {
    int port = 8080, pages = 5000, pid = 0;
    double seconds = 5;
    std::string listen, post, body;
    std::vector<std::string> headers;
};

constexpr std::string_view kHello = "retry: 3000\n\n";
constexpr std::string_view kNotice = "event: ";
constexpr double kPatience = 2000;

// A page that listens. Keeps the last bytes alone: a notice is shorter than a packet.
struct Page {
    int fd = -1;
    std::string tail;
    bool open = false, told = false;
};

class Crowd {
  public:
    explicit Crowd(Plan plan) : plan_(std::move(plan)), pages_(static_cast<std::size_t>(plan_.pages)) {}

    int run() {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        epoll_ = epoll_create1(0);
        writer_ = connect_to(false);
        for (int i = 0; i < 3; ++i)
            post();  // what a first comment sets up is no page's cost
        const double before = resident_kilobytes();
        if (!open_all()) return 1;
        const double per_page = (resident_kilobytes() - before) / plan_.pages;
        const double end = now() + plan_.seconds * 1000;
        int notices = 0;
        while (now() < end) {
            tell_all();
            ++notices;
        }
        report(notices, per_page);
        return 0;
    }

  private:
    int connect_to(bool non_blocking) const {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(plan_.port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            std::perror("live: connect");
            std::exit(1);
        }
        const int one = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (non_blocking) fcntl(fd, F_SETFL, O_NONBLOCK);
        return fd;
    }

    [[nodiscard]] std::string head(std::string_view method, const std::string& path) const {
        std::string text = std::string(method) + " " + path +
                           " HTTP/1.1\r\nhost: 127.0.0.1:" + std::to_string(plan_.port) + "\r\n";
        for (const std::string& header : plan_.headers)
            text += header + "\r\n";
        return text;
    }

    static void send_all(int fd, const std::string& text) {
        if (::send(fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
            std::fputs("live: send\n", stderr);
            std::exit(1);
        }
    }

    void send_post() {
        std::string body = plan_.body;
        const std::string number = std::to_string(posts_++);
        for (std::size_t at; (at = body.find("{n}")) != std::string::npos;)
            body.replace(at, 3, number);
        send_all(writer_, head("POST", plan_.post) +
                              "content-type: application/x-www-form-urlencoded\r\ncontent-length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body);
    }

    // The answer is a redirect without a body.
    void read_answer() const {
        std::string answer;
        std::array<char, 4096> buffer;
        while (answer.find("\r\n\r\n") == std::string::npos) {
            const ssize_t got = recv(writer_, buffer.data(), buffer.size(), 0);
            if (got <= 0) break;
            answer.append(buffer.data(), static_cast<std::size_t>(got));
        }
        if (answer.compare(0, 12, "HTTP/1.1 303") != 0) {
            std::fprintf(stderr, "live: post answered %.300s\n", answer.c_str());
            std::exit(1);
        }
    }

    void post() {
        send_post();
        read_answer();
    }

    bool open_all() {
        const std::string request = head("GET", plan_.listen) + "accept: text/event-stream\r\n\r\n";
        for (Page& page : pages_) {
            page.fd = connect_to(true);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.ptr = &page;
            epoll_ctl(epoll_, EPOLL_CTL_ADD, page.fd, &event);
            send_all(page.fd, request);
            poll(0);
        }
        const double until = now() + 20'000;
        while (open_ < pages_.size() && now() < until)
            poll(10);
        if (open_ < pages_.size())
            std::fprintf(stderr, "live: only %zu of %zu pages opened\n", open_, pages_.size());
        return open_ == pages_.size();
    }

    void tell_all() {
        for (Page& page : pages_)
            page.told = false;
        told_ = 0;
        sent_ = now();
        send_post();
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = nullptr;
        epoll_ctl(epoll_, EPOLL_CTL_ADD, writer_, &event);
        waits_for_answer_ = true;
        while ((told_ < pages_.size() || waits_for_answer_) && now() - sent_ < kPatience)
            poll(10);
        lost_ += static_cast<long>(pages_.size() - told_);
    }

    void poll(int wait) {
        std::array<epoll_event, 512> events;
        const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
        for (int i = 0; i < ready; ++i) {
            if (void* page = events[static_cast<std::size_t>(i)].data.ptr) {
                receive(*static_cast<Page*>(page));
            } else {
                read_answer();
                posted_.push_back(now() - sent_);
                epoll_ctl(epoll_, EPOLL_CTL_DEL, writer_, nullptr);
                waits_for_answer_ = false;
            }
        }
    }

    void receive(Page& page) {
        std::array<char, 4096> buffer;
        for (;;) {
            const ssize_t got = recv(page.fd, buffer.data(), buffer.size(), 0);
            if (got == 0) {
                std::fprintf(stderr, "live: a page was closed: %.300s\n", page.tail.c_str());
                std::exit(1);
            }
            if (got < 0) break;
            page.tail.append(buffer.data(), static_cast<std::size_t>(got));
            if (got < static_cast<ssize_t>(buffer.size())) break;  // what comes later is told by epoll again
        }
        if (!page.open && page.tail.find(kHello) != std::string::npos) {
            page.open = true;
            ++open_;
            page.tail.clear();
            page.tail.shrink_to_fit();
        }
        if (!page.open || page.tail.find("\n\n") == std::string::npos) return;
        if (page.tail.find(kNotice) != std::string::npos && !page.told) {
            page.told = true;
            ++told_;
            latencies_.push_back(now() - sent_);
        }
        page.tail.clear();
    }

    [[nodiscard]] double resident_kilobytes() const {
        std::ifstream status("/proc/" + std::to_string(plan_.pid) + "/status");
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6);
        }
        return 0;
    }

    void report(int notices, double per_page) {
        const auto at = [](std::vector<double>& values, double share) {
            if (values.empty()) return 0.0;
            std::sort(values.begin(), values.end());
            return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
        };
        std::printf(
            R"({"pages":%d,"notices":%d,"lost":%ld,"p50":%.2f,"p99":%.2f,"max":%.2f,"posted":%.2f,"kilobytes":%.2f})"
            "\n",
            plan_.pages, notices, lost_, at(latencies_, 0.5), at(latencies_, 0.99), at(latencies_, 1),
            at(posted_, 0.5), per_page);
    }

    Plan plan_;
    std::vector<Page> pages_;
    std::vector<double> latencies_, posted_;
    int epoll_ = -1, writer_ = -1;
    long posts_ = 0, lost_ = 0;
    std::size_t open_ = 0, told_ = 0;
    bool waits_for_answer_ = false;
    double sent_ = 0;
};

}  // namespace

int main(int count, char** words) {
    Plan plan;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        const char* value = words[i + 1];
        if (name == "--port")
            plan.port = std::atoi(value);
        else if (name == "--pages")
            plan.pages = std::atoi(value);
        else if (name == "--pid")
            plan.pid = std::atoi(value);
        else if (name == "--seconds")
            plan.seconds = std::atof(value);
        else if (name == "--listen")
            plan.listen = value;
        else if (name == "--post")
            plan.post = value;
        else if (name == "--body")
            plan.body = value;
        else if (name == "--header")
            plan.headers.emplace_back(value);
        else {
            std::fprintf(stderr, "live: unknown option %s\n", words[i]);
            return 2;
        }
    }
    return Crowd(std::move(plan)).run();
}
