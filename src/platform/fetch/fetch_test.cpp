#include "platform/fetch/fetch.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace braid::fetch {
namespace {

// Answers one connection with `answer` and keeps what it was asked.
class OneAnswer {
  public:
    explicit OneAnswer(std::string answer) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(socket_, 1), 0);
        socklen_t size = sizeof address;
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/thing";
        thread_ = std::thread([this, answer = std::move(answer)] { serve(answer); });
    }
    ~OneAnswer() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    OneAnswer(const OneAnswer&) = delete;
    OneAnswer& operator=(const OneAnswer&) = delete;

    // What was asked, once the answer has been read.
    const std::string& asked() const { return asked_; }
    std::string url;

  private:
    void serve(const std::string& answer) {
        const int peer = ::accept(socket_, nullptr, nullptr);
        if (peer < 0) return;
        char piece[4096];
        for (;;) {
            const auto got = ::recv(peer, piece, sizeof piece, 0);
            if (got <= 0) break;
            asked_.append(piece, static_cast<std::size_t>(got));
            const auto head = asked_.find("\r\n\r\n");
            if (head == std::string::npos) continue;
            if (asked_.starts_with("GET") || asked_.size() > head + 4) break;
        }
        if (!answer.empty())
            (void)!::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
        else
            (void)!::recv(peer, piece, sizeof piece, 0);  // silent until the other side gives up
        ::close(peer);
    }
    int socket_;
    std::string asked_;
    std::thread thread_;
};

TEST(Fetch, GetsAnAnswerOfAnyStatus) {
    OneAnswer server("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnone");
    const auto answer = client({})->ask({.url = server.url});
    ASSERT_TRUE(answer.ok()) << answer.error().detail;
    EXPECT_EQ(answer->status, 404);
    EXPECT_EQ(answer->body, "none");
    EXPECT_NE(server.asked().find("GET /thing HTTP/1.1"), std::string::npos);
}

TEST(Fetch, PostsAFormWithNameAndPassword) {
    OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    ASSERT_TRUE(client({})
                    ->ask({.url = server.url, .form = {{"a b", "c&d=é"}}, .user = "us", .password = "pw"})
                    .ok());
    EXPECT_NE(server.asked().find("a%20b=c%26d%3D%C3%A9"), std::string::npos) << server.asked();
    EXPECT_NE(server.asked().find("Authorization: Basic dXM6cHc="), std::string::npos) << server.asked();
}

TEST(Fetch, DoesNotFollow) {
    OneAnswer server(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: "
        "close\r\n\r\n");
    const auto answer = client({})->ask({.url = server.url});
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->status, 302);
}

TEST(Fetch, GivesUpOnTooMuchAndOnSilence) {
    OneAnswer large("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n" +
                    std::string(2000, 'x'));
    EXPECT_EQ(client({.size = 1000})->ask({.url = large.url}).error().code, ErrorCode::unavailable);
    OneAnswer silent("");
    EXPECT_EQ(client({.time = std::chrono::milliseconds(200)})->ask({.url = silent.url}).error().code,
              ErrorCode::unavailable);
}

TEST(Fetch, AsksHttpsAndThisMachineAlone) {
    EXPECT_TRUE(may_ask("https://school.example/x"));
    EXPECT_TRUE(may_ask("http://127.0.0.1:8/x"));
    EXPECT_TRUE(may_ask("http://[::1]:8/x"));
    for (const char* url : {"http://school.example/", "file:///etc/passwd", "https://", "https://a@b/",
                            "http://127.0.0.1:8@evil.example/", "http://127.0.0.1.evil.example/",
                            "http://evil.example\\@127.0.0.1/", "gopher://127.0.0.1/"}) {
        EXPECT_FALSE(may_ask(url)) << url;
        EXPECT_EQ(client({})->ask({.url = url}).error().code, ErrorCode::unavailable) << url;
    }
}

}  // namespace
}  // namespace braid::fetch
