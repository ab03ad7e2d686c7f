// The server over real sockets.
#include "platform/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "platform/http/admin.h"
#include "platform/http/problem.h"
#include "platform/http/security.h"
#include "platform/sql/sql.h"
#include "support/http_client.h"

namespace braid::http {
namespace {

using namespace std::chrono_literals;
using test::ConnectionError;
using test::EventStream;
using test::HttpClient;
using test::Reply;
using test::Wire;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr ActionRef kAny{"test.any"};

// Closed until opened: handlers wait at it.
class Gate {
  public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        wake_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        wake_.notify_all();
        wake_.wait(lock, [&] { return open_; });
    }
    void until_waiting(int count) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return waiting_ >= count; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool open_ = false;
    int waiting_ = 0;
};

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "braid-http-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::ptrdiff_t files() const {
        return std::distance(std::filesystem::directory_iterator(path_),
                             std::filesystem::directory_iterator());
    }

  private:
    std::filesystem::path path_;
};

Response plain_error(const Request& request, const Error& error) {
    return problem(request, error, [](std::string_view key, const auto&) { return std::string(key); });
}

// A server with the rows a test adds.
class ServerTest : public testing::Test {
  protected:
    ServerTest() {
        options.port = 0;
        options.loops = 2;
        options.access_log = false;
        options.limits.workers = 4;
        options.upload_folder = uploads.path();
        router.get("/hello", kAny,
                   [](const Request&) -> Result<Response> { return Response::text(200, "hello"); });
        router.post("/echo", kAny,
                    [](const Request& r) -> Result<Response> { return Response::text(200, r.body); },
                    {.max_body = 100'000});
    }
    ~ServerTest() override {
        gate.open();
        server.reset();
    }

    void start() {
        server = std::make_unique<Server>(options, router, middleware, plain_error, clock, metrics);
        server->start();
    }
    HttpClient client() { return HttpClient(server->port()); }
    Wire wire() { return Wire("127.0.0.1", server->port()); }
    // Sends bytes as they are and returns the status of the answer.
    Reply raw(std::string_view bytes) {
        Wire w = wire();
        w.send(bytes);
        return read_reply(w);
    }
    void until(const std::function<bool()>& condition) {
        const auto limit = std::chrono::steady_clock::now() + 10s;
        while (!condition()) {
            ASSERT_LT(std::chrono::steady_clock::now(), limit) << "condition never came";
            std::this_thread::yield();
        }
    }

    Folder uploads;
    SystemClock clock;
    metrics::Registry metrics;
    Router router;
    ServerOptions options;
    std::vector<Middleware> middleware;
    Gate gate;
    std::unique_ptr<Server> server;
};

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
    start();
    Wire w = wire();
    for (int i = 0; i < 3; ++i) {
        w.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        const Reply reply = read_reply(w);
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.body, "hello");
        EXPECT_FALSE(reply.has("connection"));
        EXPECT_EQ(reply.header("x-request-id").size(), 13U);
    }
    w.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(read_reply(w).header("connection"), "close");
    EXPECT_TRUE(w.ends());
}

TEST_F(ServerTest, OldVersionClosesUnlessAsked) {
    start();
    Wire w = wire();
    w.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(read_reply(w).header("connection"), "keep-alive");
    w.send("GET /hello HTTP/1.0\r\n\r\n");
    EXPECT_EQ(read_reply(w).header("connection"), "close");
    EXPECT_TRUE(w.ends());
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
    router.get("/n/{n:int}", kAny, [](const Request& r) -> Result<Response> {
        return Response::text(200, std::string(r.path_text("n")));
    });
    router.get("/slow/{n:int}", kAny,
               [](const Request& r) -> Result<Response> {
                   return Response::text(200, std::string(r.path_text("n")));
               },
               {.cost = Cost::waits});
    start();
    Wire w = wire();
    std::string all;
    for (int i = 0; i < 200; ++i) {
        all += "GET /" + std::string(i % 3 == 0 ? "slow" : "n") + "/" + std::to_string(i) +
               " HTTP/1.1\r\nHost: a\r\n\r\n";
        if (i % 5 == 0) all += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    }
    w.send(all);
    for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(read_reply(w).body, std::to_string(i));
        if (i % 5 == 0) {
            EXPECT_EQ(read_reply(w).body, "abc");
        }
    }
}

TEST_F(ServerTest, ARequestMayComeByteByByte) {
    start();
    Wire w = wire();
    for (const char c : std::string("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                    "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: x\r\n\r\n")) {
        w.send({&c, 1});
    }
    const Reply reply = read_reply(w);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "abcde");
    w.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(read_reply(w).body, "hello");
}

TEST_F(ServerTest, HeadIsGetWithoutItsBody) {
    start();
    HttpClient c = client();
    const Reply reply = c.head("/hello");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("content-length"), "5");
    EXPECT_EQ(c.get("/hello").body, "hello");  // nothing was left on the connection
}

TEST_F(ServerTest, SaysWhatIsNotThere) {
    start();
    HttpClient c = client();
    EXPECT_EQ(c.get("/nowhere").status, 404);
    const Reply reply = c.del("/hello");
    EXPECT_EQ(reply.status, 405);
    EXPECT_EQ(reply.header("allow"), "GET, HEAD");
    EXPECT_EQ(reply.header("content-type"), "application/problem+json");
    EXPECT_THAT(reply.body, HasSubstr("\"status\":405"));
}

TEST_F(ServerTest, ExceptionsBecomeErrors) {
    router.get("/bug", kAny,
               [](const Request&) -> Result<Response> { throw std::runtime_error("secret detail"); });
    router.get("/odd", kAny, [](const Request&) -> Result<Response> { throw 7; });
    router.get("/full", kAny, [](const Request&) -> Result<Response> {
        throw sql::Failure(sql::FailureKind::full, "disk");
    });
    router.get("/wrong", kAny, [](const Request&) -> Result<Response> {
        throw sql::Failure(sql::FailureKind::statement, "syntax");
    });
    start();
    HttpClient c = client();
    const Reply bug = c.get("/bug");
    EXPECT_EQ(bug.status, 500);
    EXPECT_THAT(bug.body, Not(HasSubstr("secret detail")));
    EXPECT_EQ(c.get("/odd").status, 500);
    EXPECT_EQ(c.get("/wrong").status, 500);
    const Reply full = c.get("/full");
    EXPECT_EQ(full.status, 503);
    EXPECT_EQ(full.header("retry-after"), "10");
}

TEST_F(ServerTest, MiddlewareWrapsFromTheFirstToTheLast) {
    const auto mark = [](const char* name) {
        return [name](Request& r, const Next& next) {
            Response response = next(r);
            response.set("X-Order", std::string(response.header("x-order").value_or("")) + name);
            return response;
        };
    };
    middleware = {mark("outer"), mark("inner ")};
    start();
    EXPECT_EQ(client().get("/hello").header("x-order"), "inner outer");
    EXPECT_EQ(client().get("/nowhere").header("x-order"), "inner outer");
}

TEST_F(ServerTest, MiddlewareThatThrowsIsAnError) {
    middleware = {
        [](Request&, const Next&) -> Response { throw sql::Failure(sql::FailureKind::lost, "gone"); }};
    start();
    const Reply reply = client().get("/hello");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("x-content-type-options"), "nosniff");
}

// ---- limits

TEST_F(ServerTest, ABodyOverItsLimitIs413AndTheAnswerArrives) {
    start();
    HttpClient c = client();
    EXPECT_EQ(c.request("POST", "/echo", {}, std::string(100'000, 'x')).status, 200);
    const Reply declared = c.request("POST", "/echo", {}, std::string(3'000'000, 'x'));
    EXPECT_EQ(declared.status, 413);
    EXPECT_EQ(declared.header("connection"), "close");
    EXPECT_EQ(c.request("POST", "/echo", {}, std::string(101'000, 'x'), true).status, 413);
    EXPECT_EQ(c.get("/hello").status, 200);
}

TEST_F(ServerTest, AHeaderOverItsLimitIs431) {
    start();
    EXPECT_EQ(raw("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n").status,
              431);
    EXPECT_EQ(raw("GET /" + std::string(30'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n").status, 431);
    std::string many = "GET /hello HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 200; ++i)
        many += "X-" + std::to_string(i) + ": y\r\n";
    EXPECT_EQ(raw(many + "\r\n").status, 431);
    EXPECT_EQ(raw("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(10'000, 'x') + "\r\n\r\n").status,
              200);
}

TEST_F(ServerTest, ASlowHeaderIsCut) {
    options.limits.header_time = 100ms;
    start();
    Wire w = wire();
    w.send("GET /hello HT");
    EXPECT_EQ(read_reply(w).status, 408);
    EXPECT_TRUE(w.ends());
}

TEST_F(ServerTest, ASilentConnectionIsCut) {
    options.limits.header_time = 100ms;
    start();
    EXPECT_EQ(wire().read_to_end(), "");
}

TEST_F(ServerTest, AnIdleConnectionIsCut) {
    options.limits.idle_time = 100ms;
    start();
    Wire w = wire();
    w.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(read_reply(w).status, 200);
    EXPECT_EQ(w.read_to_end(), "");
}

TEST_F(ServerTest, ASlowBodyIsCutAlthoughEachByteCameInTime) {
    options.limits.body_time = 10s;
    options.limits.total_time = 200ms;
    start();
    Wire w = wire();
    w.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nabc");
    EXPECT_EQ(read_reply(w).status, 408);
}

TEST_F(ServerTest, AClientThatDoesNotReadIsCut) {
    options.limits.write_time = 200ms;
    router.get("/big", kAny, [](const Request&) -> Result<Response> {
        return Response::text(200, std::string(50 << 20, 'x'));
    });
    start();
    Wire w = wire();
    w.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    until([&] {
        return metrics.scrape().find("braid_http_refused_total{why=\"slow_reader\"} 1") != std::string::npos;
    });
    EXPECT_LT(w.read_to_end().size(), 50U << 20U);
}

TEST_F(ServerTest, MoreConnectionsThanAllowedAreTurnedAway) {
    options.limits.max_connections = 2;
    start();
    Wire a = wire(), b = wire();
    for (Wire* w : {&a, &b}) {
        w->send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(read_reply(*w).status, 200);
    }
    Wire c = wire();
    EXPECT_THAT(c.read_to_end(), StartsWith("HTTP/1.1 503"));
}

TEST_F(ServerTest, AFullQueueIs503WithRetryAfterAndReadsGoOn) {
    options.limits.workers = 1;
    options.limits.queue = 1;
    router.get("/wait", kAny,
               [&](const Request&) -> Result<Response> {
                   gate.pass();
                   return Response::text(200, "through");
               },
               {.cost = Cost::waits});
    start();
    Wire running = wire(), queued = wire();
    running.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    gate.until_waiting(1);
    queued.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    until([&] { return metrics.scrape().find("braid_http_queue_depth 1") != std::string::npos; });
    const Reply refused = raw("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    EXPECT_NE(refused.header("content-security-policy"), "");
    EXPECT_EQ(client().get("/hello").status, 200);  // reads need no worker
    gate.open();
    EXPECT_EQ(read_reply(running).body, "through");
    EXPECT_EQ(read_reply(queued).body, "through");
}

TEST_F(ServerTest, RowsMayLimitHowOften) {
    router.get("/rare", kAny, [](const Request&) -> Result<Response> { return Response::text(200, "x"); },
               {.cost = Cost::reads, .per_minute = 2});
    start();
    HttpClient c = client();
    EXPECT_EQ(c.get("/rare").status, 200);
    EXPECT_EQ(c.get("/rare").status, 200);
    const Reply refused = c.get("/rare");
    EXPECT_EQ(refused.status, 429);
    EXPECT_THAT(refused.header("retry-after"), AnyOf("29", "30"));
    EXPECT_EQ(c.get("/hello").status, 200);
}

// ---- framing (RFC 9112 section 11.2)

TEST_F(ServerTest, AmbiguousFramingIsRefused) {
    start();
    const std::string post = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    const std::vector<std::string> cases{
        post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        post + "Content-Length: 3, 3\r\n\r\nabc",
        post + "Content-Length: +3\r\n\r\nabc",
        post + "Content-Length: 0x3\r\n\r\nabc",
        post + "Content-Length: -1\r\n\r\n",
        post + "Content-Length: 99999999999999999999999\r\n\r\n",
        post + "Content-Length : 3\r\n\r\nabc",
        post + "Transfer-Encoding: xchunked\r\n\r\n",
        post + "Transfer-Encoding: gzip, chunked\r\n\r\n",
        post + "Transfer-Encoding: chunked, chunked\r\n\r\n",
        post + "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc",
        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        post + "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n",
        post + "X-Long: a\r\n b\r\nContent-Length: 0\r\n\r\n",
        post + " Content-Length: 3\r\n\r\nabc",
        post + "Bad Name: 3\r\n\r\n",
        post + "X: a\rb\r\n\r\n",
        post + std::string("X: a\0b\r\n\r\n", 10),
        "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /hello HTTP/1.1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello\r\nHost: a\r\n\r\n",
        "GET hello HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello?a=%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello HTTP/1.1\nHost: a\n\n",
        "\x16\x03\x01\x02\x01\x01\xfc\x03\x03",
    };
    for (const std::string& bytes : cases) {
        Wire w = wire();
        w.send(bytes);
        w.finish_sending();
        const std::string answer = w.read_to_end();
        // One answer at most, and never a success.
        EXPECT_THAT(answer, AnyOf("", StartsWith("HTTP/1.1 400 "))) << bytes;
        EXPECT_EQ(answer.find("HTTP/1.1 ", 1), std::string::npos) << bytes;
    }
    EXPECT_EQ(raw("BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 501);
    EXPECT_EQ(client().get("/hello").status, 200);
}

TEST_F(ServerTest, TheTargetMayBeAbsolute) {
    router.get("/host", kAny, [](const Request& r) -> Result<Response> {
        return Response::text(200, r.host + " " + r.path);
    });
    start();
    EXPECT_EQ(raw("GET http://other.example:81/host?x HTTP/1.1\r\nHost: a\r\n\r\n").body,
              "other.example:81 /host");
    EXPECT_EQ(raw("\r\nGET /x/../%68ost HTTP/1.1\r\nHost: a\r\n\r\n").body, "a /host");
}

TEST_F(ServerTest, ContinuesWhenExpected) {
    start();
    Wire w = wire();
    w.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(w.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    w.send("abc");
    EXPECT_EQ(read_reply(w).body, "abc");
    w.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_THAT(w.read_until("\r\n"), StartsWith("HTTP/1.1 413"));
}

// ---- forms

TEST_F(ServerTest, ReadsForms) {
    router.post("/form", kAny, [](const Request& r) -> Result<Response> {
        return Response::text(200, std::string(r.form.get("title")) + "|" + r.body);
    });
    start();
    HttpClient c = client();
    EXPECT_EQ(c.post("/form", {{"title", "Ängste & Wünsche+"}}).body, "Ängste & Wünsche+|");
    const Reply bad =
        c.request("POST", "/form", {{"Content-Type", "application/x-www-form-urlencoded"}}, "title=%00");
    EXPECT_EQ(bad.status, 400);
    EXPECT_THAT(bad.body, HasSubstr("\"field\":\"title\""));
    EXPECT_EQ(
        c.request("POST", "/form", {{"Content-Type", "multipart/form-data; boundary=x"}}, "--x--\r\n").status,
        415);
}

TEST_F(ServerTest, StreamsUploadsToDiskAndRemovesThem) {
    std::filesystem::path seen;
    router.post("/upload", kAny,
                [&](const Request& r) -> Result<Response> {
                    const Upload* cover = r.form.upload("cover");
                    if (cover == nullptr) return Response::text(200, "none");
                    seen = cover->path;
                    std::ifstream file(cover->path, std::ios::binary);
                    const std::string content((std::istreambuf_iterator<char>(file)), {});
                    return Response::text(200, cover->filename + " " + cover->content_type + " " +
                                                   std::to_string(cover->size) + " " +
                                                   std::string(r.form.get("title")) + " " +
                                                   (content == std::string(500'000, 'p') ? "same" : "other"));
                },
                {.max_body = 1 << 20, .accepts_uploads = true});
    start();
    HttpClient c = client();
    EXPECT_EQ(c.post_multipart("/upload", {{"title", "Wächter"}},
                               {{"cover", "C:\\x\\pic.png", "image/png", std::string(500'000, 'p')}})
                  .body,
              "pic.png image/png 500000 Wächter same");
    until([&] { return uploads.files() == 0; });
    EXPECT_FALSE(std::filesystem::exists(seen));
    EXPECT_EQ(c.post_multipart("/upload", {}, {{"cover", "", "application/octet-stream", ""}}).body, "none");
    EXPECT_EQ(
        c.post_multipart("/upload", {}, {{"cover", "big", "image/png", std::string(2 << 20, 'p')}}).status,
        413);
    const Reply bad =
        c.post_multipart("/upload", {{"title", "\xff"}}, {{"cover", "a.png", "image/png", "abc"}});
    EXPECT_EQ(bad.status, 400);
    EXPECT_THAT(bad.body, HasSubstr("\"field\":\"title\""));
    {
        Wire w = wire();  // goes away in the middle
        w.send(
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; "
            "boundary=x\r\nContent-Length: 500000\r\n\r\n"
            "--x\r\nContent-Disposition: form-data; name=\"cover\"; filename=\"a\"\r\n\r\n" +
            std::string(100'000, 'y'));
        until([&] { return uploads.files() == 1; });
    }
    until([&] { return uploads.files() == 0; });
}

// ---- what goes out

TEST_F(ServerTest, AnswersConditionsWith304) {
    router.get("/page", kAny, [](const Request&) -> Result<Response> {
        return std::move(Response::html(200, "page").etag("v1").set("Cache-Control", "no-cache"));
    });
    start();
    HttpClient c = client();
    EXPECT_EQ(c.get("/page").header("etag"), "\"v1\"");
    for (const auto* condition : {"\"v1\"", "W/\"v1\"", "\"x\", \"v1\"", "*"}) {
        const Reply reply = c.get("/page", {{"If-None-Match", condition}});
        EXPECT_EQ(reply.status, 304) << condition;
        EXPECT_EQ(reply.header("cache-control"), "no-cache");
        EXPECT_FALSE(reply.has("content-length"));
    }
    EXPECT_EQ(c.get("/page", {{"If-None-Match", "\"v2\""}}).status, 200);
}

TEST_F(ServerTest, SendsPartsOfFiles) {
    const auto file = uploads.path() / "file";
    std::string content;
    for (int i = 0; i < 100'000; ++i)
        content += static_cast<char>('a' + i % 26);
    std::ofstream(file, std::ios::binary) << content;
    router.get("/file", kAny, [&](const Request&) -> Result<Response> {
        return std::move(Response::file({file, 100'000}, "text/plain").etag("f1"));
    });
    router.get("/gone", kAny, [&](const Request&) -> Result<Response> {
        return Response::file({"/nonexistent", 1}, "text/plain");
    });
    start();
    HttpClient c = client();
    const Reply whole = c.get("/file");
    EXPECT_EQ(whole.status, 200);
    EXPECT_EQ(whole.body, content);
    EXPECT_EQ(whole.header("accept-ranges"), "bytes");
    const Reply part = c.get("/file", {{"Range", "bytes=10-19"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, content.substr(10, 10));
    EXPECT_EQ(part.header("content-range"), "bytes 10-19/100000");
    EXPECT_EQ(c.get("/file", {{"Range", "bytes=99990-"}}).body, content.substr(99990));
    EXPECT_EQ(c.get("/file", {{"Range", "bytes=-5"}}).body, content.substr(99995));
    const Reply beyond = c.get("/file", {{"Range", "bytes=100000-"}});
    EXPECT_EQ(beyond.status, 416);
    EXPECT_EQ(beyond.header("content-range"), "bytes */100000");
    EXPECT_EQ(c.get("/file", {{"Range", "bytes=10-19"}, {"If-Range", "\"f1\""}}).status, 206);
    EXPECT_EQ(c.get("/file", {{"Range", "bytes=10-19"}, {"If-Range", "\"f0\""}}).status, 200);
    EXPECT_EQ(c.get("/file", {{"If-None-Match", "\"f1\""}}).status, 304);
    EXPECT_EQ(c.head("/file").header("content-length"), "100000");
    EXPECT_EQ(c.get("/gone").status, 500);
}

TEST_F(ServerTest, CompressesTextForThoseWhoTakeIt) {
    const std::string page(20'000, 'x');
    router.get("/page", kAny, [&](const Request&) -> Result<Response> {
        return std::move(Response::html(200, page).etag("t"));
    });
    router.get("/image", kAny, [&](const Request&) -> Result<Response> {
        return std::move(Response::text(200, page).set("Content-Type", "image/png"));
    });
    router.get("/static", kAny, [](const Request&) -> Result<Response> {
        Response response;
        response.set("Content-Type", "text/css");
        response.body = StaticBody{"identity", "gzipped", "brotlied"};
        return response;
    });
    start();
    HttpClient c = client();
    const Reply br = c.get("/page", {{"Accept-Encoding", "gzip, br"}});
    EXPECT_EQ(br.header("content-encoding"), "br");
    EXPECT_EQ(br.header("vary"), "Accept-Encoding");
    EXPECT_EQ(br.header("etag"), "W/\"t\"");
    EXPECT_LT(br.body.size(), 200U);
    EXPECT_EQ(c.get("/page", {{"Accept-Encoding", "gzip"}}).header("content-encoding"), "gzip");
    EXPECT_EQ(c.get("/page", {{"Accept-Encoding", "gzip;q=0"}}).body, page);
    EXPECT_EQ(c.get("/page", {{"Accept-Encoding", "gzip"}, {"If-None-Match", "W/\"t\""}}).status, 304);
    EXPECT_EQ(c.get("/page").header("vary"), "Accept-Encoding");
    EXPECT_EQ(c.get("/image", {{"Accept-Encoding", "gzip"}}).body, page);
    EXPECT_EQ(c.get("/hello", {{"Accept-Encoding", "gzip"}}).body, "hello");
    EXPECT_EQ(c.get("/static", {{"Accept-Encoding", "br;q=0.1, gzip"}}).body, "gzipped");
    EXPECT_EQ(c.get("/static").body, "identity");
}

TEST_F(ServerTest, AResponseCannotBeSplit) {
    router.get("/split", kAny, [](const Request& r) -> Result<Response> {
        return std::move(Response::text(200, "x").set("X-Echo", std::string(r.query.get("v"))));
    });
    start();
    const Reply reply = client().get("/split?v=a%0d%0aSet-Cookie:%20x=y");
    EXPECT_EQ(reply.header("x-echo"), "a  Set-Cookie: x=y");
    EXPECT_FALSE(reply.has("set-cookie"));
}

TEST_F(ServerTest, PagesCarryTheirProtection) {
    router.get("/page", kAny, [](const Request& r) -> Result<Response> {
        return Response::html(200, r.attached<CspNonce>()->value);
    });
    options.public_url = "https://braid.example";
    start();
    HttpClient c = client();
    const Reply page = c.get("/page");
    EXPECT_THAT(page.header("content-security-policy"),
                HasSubstr("script-src 'self' 'nonce-" + page.body + "'"));
    EXPECT_THAT(page.header("content-security-policy"), StartsWith("default-src 'none'; "));
    EXPECT_EQ(page.header("cache-control"), "private, no-store");
    EXPECT_THAT(page.header("strict-transport-security"), StartsWith("max-age="));
    EXPECT_NE(c.get("/page").body, page.body);
    EXPECT_EQ(c.get("/nowhere").header("content-security-policy"),
              "default-src 'none'; frame-ancestors 'none'");
}

// ---- who asks

TEST_F(ServerTest, BelievesTrustedProxiesOnly) {
    router.get("/who", kAny, [](const Request& r) -> Result<Response> {
        return Response::text(
            200, r.remote_address + " " + r.host + " " + (r.secure ? "secure" : "open") + " " + r.id);
    });
    const test::Pairs headers{{"X-Forwarded-For", "6.6.6.6, 192.0.2.7, 127.0.0.2"},
                              {"X-Forwarded-Proto", "https"},
                              {"X-Forwarded-Host", "braid.example"},
                              {"X-Request-Id", "abc-1"}};
    options.trusted_proxies = {"127.0.0.0/8"};
    start();
    EXPECT_EQ(client().get("/who", headers).body, "192.0.2.7 braid.example secure abc-1");
    server.reset();
    options.trusted_proxies = {};
    start();
    EXPECT_THAT(client().get("/who", headers).body,
                StartsWith("127.0.0.1 127.0.0.1:" + std::to_string(server->port()) + " open "));
}

TEST_F(ServerTest, AnswersToItsHostsOnly) {
    options.hosts = {"braid.example", "127.0.0.1"};
    start();
    EXPECT_EQ(client().get("/hello").status, 200);
    EXPECT_EQ(client().get("/hello", {{"Host", "Braid.Example:8080"}}).status, 200);
    EXPECT_EQ(client().get("/hello", {{"Host", "evil.example"}}).status, 421);
}

TEST_F(ServerTest, FormsNeedTheirToken) {
    SystemRandom random;
    middleware = {csrf({"0123456789abcdef", ""}, random)};
    router.get("/form", kAny, [](const Request& r) -> Result<Response> {
        return Response::html(
            200, "<input type=\"hidden\" name=\"_csrf\" value=\"" + r.attached<CsrfToken>()->value + "\">");
    });
    router.post("/api", kAny, [](const Request&) -> Result<Response> { return Response::text(200, "api"); },
                {.csrf = false});
    start();
    HttpClient c = client();
    EXPECT_EQ(c.post("/echo").status, 403);
    (void)c.get("/form");
    const std::string first = c.csrf();
    EXPECT_EQ(c.post("/echo").status, 200);
    (void)c.get("/form");
    EXPECT_NE(c.csrf(), first);
    EXPECT_EQ(c.post("/echo", {{"_csrf", first}}).status, 200);  // older pages stay good
    EXPECT_EQ(c.request("POST", "/echo", {{"X-Csrf-Token", first}}, "").status, 200);
    EXPECT_EQ(c.post("/echo", {}, {{"Origin", "https://evil.example"}}).status, 403);
    EXPECT_EQ(c.post("/echo", {}, {{"Origin", "null"}}).status, 403);
    EXPECT_EQ(c.post("/echo", {}, {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
    EXPECT_EQ(c.post("/echo", {},
                     {{"Sec-Fetch-Site", "same-origin"},
                      {"Origin", "http://127.0.0.1:" + std::to_string(server->port())}})
                  .status,
              200);
    HttpClient other = client();
    (void)other.get("/form");
    EXPECT_EQ(c.post("/echo", {{"_csrf", other.csrf()}}).status, 403);
    EXPECT_EQ(client().post("/api").status, 200);
}

// ---- event streams

TEST_F(ServerTest, StreamsEvents) {
    router.get("/live/{channel:text}", kAny, [](const Request& r) -> Result<Response> {
        return Response::live({std::string(r.path_text("channel")), "all"});
    });
    options.limits.heartbeat = 50ms;
    start();
    HttpClient c = client();
    EventStream one(c, server->port(), "/live/one"), two(c, server->port(), "/live/two");
    EXPECT_EQ(one.status(), 200);
    until([&] { return server->live().listeners() == 2; });
    server->live().publish("one", "comment", "a\nb\r\nc");
    server->live().publish("two", "note", "x");
    server->live().publish("all", "", "everyone");
    const auto event = one.next();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->name, "comment");
    EXPECT_EQ(event->data, "a\nb\nc");
    EXPECT_EQ(one.next()->data, "everyone");
    EXPECT_EQ(two.next()->data, "x");
    std::string line;
    while (line != ":")
        line = two.line();  // a heartbeat
    server->stop(0ms);
    EXPECT_FALSE(one.next());
}

TEST_F(ServerTest, EndsTheStreamsOfAChannel) {
    router.get("/live/{channel:text}", kAny, [](const Request& r) -> Result<Response> {
        return Response::live({std::string(r.path_text("channel")), "all"});
    });
    options.limits.header_time = 400ms;  // a fine tick
    start();
    HttpClient c = client();
    EventStream one(c, server->port(), "/live/one"), two(c, server->port(), "/live/two");
    until([&] { return server->live().listeners() == 2; });
    server->live().publish("one", kEndStreams, "");
    server->live().publish("all", "note", "x");
    EXPECT_FALSE(one.next());  // nothing after it, though the stream was still open then
    EXPECT_EQ(two.next()->data, "x");
    until([&] { return server->live().listeners() == 1; });
}

TEST_F(ServerTest, EndsAStreamWhoseChannelWasEndedWhileItWasAskedFor) {
    router.get("/live/{channel:text}", kAny,
               [&](const Request& r) -> Result<Response> {
                   // She was told that she may listen; then it is no longer so.
                   server->live().publish("one", kEndStreams, "");
                   return Response::live({std::string(r.path_text("channel")), "all"});
               },
               {.cost = Cost::waits});
    options.limits.header_time = 400ms;  // a fine tick
    start();
    HttpClient c = client();
    EventStream one(c, server->port(), "/live/one"), two(c, server->port(), "/live/two");
    EXPECT_EQ(one.status(), 200);
    EXPECT_FALSE(one.next());
    until([&] { return server->live().listeners() == 1; });
    server->live().publish("all", "note", "x");
    EXPECT_EQ(two.next()->data, "x") << "hers was not";
}

TEST_F(ServerTest, AListenerThatLeavesIsForgotten) {
    router.get("/live", kAny, [](const Request&) -> Result<Response> { return Response::live({"all"}); });
    start();
    HttpClient c = client();
    {
        const EventStream stream(c, server->port(), "/live");
        until([&] { return server->live().listeners() == 1; });
    }
    until([&] { return server->live().listeners() == 0; });
    server->live().publish("all", "e", "nobody");
}

TEST_F(ServerTest, AListenerThatDoesNotReadIsDropped) {
    router.get("/live", kAny, [](const Request&) -> Result<Response> { return Response::live({"all"}); });
    options.limits.header_time = 400ms;  // a fine tick
    options.limits.max_live_bytes = 100'000;
    start();
    HttpClient c = client();
    EventStream slow(c, server->port(), "/live");
    until([&] { return server->live().listeners() == 1; });
    for (int i = 0; i < 400; ++i)
        server->live().publish("all", "e", std::string(50'000, 'x'));
    until([&] { return server->live().listeners() == 0; });
}

// ---- the end

TEST_F(ServerTest, StopLetsRunningRequestsFinish) {
    router.get("/wait", kAny,
               [&](const Request&) -> Result<Response> {
                   gate.pass();
                   return Response::text(200, "done");
               },
               {.cost = Cost::waits});
    start();
    Wire w = wire(), idle = wire();
    idle.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(read_reply(idle).status, 200);
    w.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    gate.until_waiting(1);
    std::thread stopping([&] { server->stop(10s); });
    EXPECT_TRUE(idle.ends());
    gate.open();
    const Reply reply = read_reply(w);
    EXPECT_EQ(reply.body, "done");
    EXPECT_EQ(reply.header("connection"), "close");
    stopping.join();
    EXPECT_THROW(wire(), ConnectionError);
}

TEST_F(ServerTest, ATakenPortIsAnError) {
    start();
    ServerOptions same = options;
    same.port = server->port();
    metrics::Registry other;
    Server second(same, router, {}, plain_error, clock, other);
    EXPECT_THROW(second.start(), std::system_error);
}

TEST_F(ServerTest, ShowsItsNumbersToTheOperator) {
    start();
    HttpClient c = client();
    (void)c.get("/hello");
    (void)c.get("/nowhere");
    Readiness readiness;
    const Router admin_router = make_admin_router(metrics, [&] { return readiness; });
    ServerOptions admin_options;
    admin_options.port = 0;
    admin_options.loops = 1;
    admin_options.measured = false;
    Server admin(admin_options, admin_router, {}, plain_error, clock, metrics);
    admin.start();
    HttpClient operator_(admin.port());
    std::string text = operator_.get("/metrics").body;
    // An answer is counted once its last byte is out, so its client may be here first.
    for (int i = 0; i < 1000 && text.find("route=\"none\"") == std::string::npos; ++i)
        text = operator_.get("/metrics").body;
    EXPECT_THAT(text,
                HasSubstr("braid_http_requests_total{route=\"/hello\",method=\"GET\",status=\"200\"} 1\n"));
    EXPECT_THAT(text,
                HasSubstr("braid_http_requests_total{route=\"none\",method=\"none\",status=\"404\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("braid_http_request_seconds_count{route=\"/hello\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("braid_http_connections 1\n"));
    EXPECT_EQ(operator_.get("/healthz").body, "ok\n");
    EXPECT_EQ(operator_.get("/readyz").status, 200);
    readiness = {false, "database: gone"};
    const Reply reply = operator_.get("/readyz");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.body, "database: gone\n");
}

// ---- TLS

void make_certificate(const Folder& folder, const std::string& name) {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" +
        name + " -keyout " + (folder.path() / "key.pem").string() + " -out " +
        (folder.path() / "cert.pem").string() + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
}

TEST_F(ServerTest, SpeaksTlsAndTakesANewCertificate) {
    const Folder files;
    make_certificate(files, "first.example");
    options.tls = TlsFiles{files.path() / "cert.pem", files.path() / "key.pem"};
    options.limits.header_time = 400ms;  // a fine tick, so that files are looked at often
    router.get("/secure", kAny, [](const Request& r) -> Result<Response> {
        return Response::text(200, (r.secure ? "secure " : "open ") + std::string(200'000, 'x'));
    });
    start();
    HttpClient c(server->port(), "127.0.0.1", true);
    EXPECT_EQ(c.get("/secure").body.size(), 200'007U);
    EXPECT_EQ(c.request("POST", "/echo", {}, std::string(90'000, 'y')).body, std::string(90'000, 'y'));
    EXPECT_EQ(c.get("/hello").header("strict-transport-security").substr(0, 8), "max-age=");
    Wire old("127.0.0.1", server->port(), true);
    EXPECT_THAT(old.certificate_subject(), HasSubstr("first.example"));
    old.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(read_reply(old).body, "hello");
    EXPECT_EQ(read_reply(old).body, "hello");

    std::ofstream(files.path() / "cert.pem") << "broken";  // a bad one changes nothing
    make_certificate(files, "second.example");
    until([&] {
        return Wire("127.0.0.1", server->port(), true).certificate_subject().find("second.example") !=
               std::string::npos;
    });
    old.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(read_reply(old).body, "hello");
    EXPECT_THAT(wire().read_to_end(), "");  // plain text is no handshake
}

TEST_F(ServerTest, ABadCertificateStopsTheStart) {
    options.tls = TlsFiles{"/nonexistent/cert.pem", "/nonexistent/key.pem"};
    server = std::make_unique<Server>(options, router, middleware, plain_error, clock, metrics);
    EXPECT_THROW(server->start(), std::runtime_error);
}

}  // namespace
}  // namespace braid::http
