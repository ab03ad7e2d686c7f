// A small HTTP/1.1 client for tests, on raw sockets and blocking: what a browser does with cookies, forms and
// redirects, and below that every byte of it, to send what no browser would.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace braid::test {

// A connection that could not be made, broke off, or took too long.
class ConnectionError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// One TCP connection, over TLS where asked for (the certificate is not checked, but kept).
class Wire {
  public:
    Wire(const std::string& host, int port, bool tls = false,
         std::chrono::milliseconds timeout = std::chrono::seconds(10));
    ~Wire();
    Wire(Wire&&) noexcept;
    Wire& operator=(Wire&&) noexcept;

    void send(std::string_view bytes);      // all of them
    [[nodiscard]] std::string read_some();  // at least one byte; "" at the end
    [[nodiscard]] std::string read_until(
        std::string_view mark);  // up to and with it; what is behind it is kept for the next read
    [[nodiscard]] std::string read_exactly(std::size_t count);
    [[nodiscard]] std::string read_to_end();  // a reset counts as an end
    // The other side has closed within the timeout.
    [[nodiscard]] bool ends();
    void finish_sending();
    [[nodiscard]] std::string certificate_subject() const;  // of the server

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

struct Reply {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;                                          // without chunks; coded as it came

    // First value, or "".
    [[nodiscard]] std::string header(std::string_view lower_case_name) const;
    [[nodiscard]] bool has(std::string_view lower_case_name) const;
    // The value of the first element with this attribute: attribute("name=\"_csrf\"", "value").
    [[nodiscard]] std::string attribute(std::string_view marker, std::string_view attribute) const;
};

// Reads one response. `head`: it answers HEAD, so no body follows.
Reply read_reply(Wire& wire, bool head = false);

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct FilePart {
    std::string field, filename, media_type, content;
};

// One visitor: cookies, the last page's CSRF token, a connection that is kept alive.
class HttpClient {
  public:
    explicit HttpClient(int port, std::string host = "127.0.0.1", bool tls = false);

    Reply get(std::string path, const Pairs& headers = {});
    Reply head(std::string path, const Pairs& headers = {});
    Reply del(std::string path, const Pairs& headers = {});
    // A form as a browser sends it; `_csrf` is added from the last page seen, unless it is among the fields.
    Reply post(std::string path, const Pairs& fields = {}, const Pairs& headers = {});
    Reply post_multipart(std::string path, const Pairs& fields, const std::vector<FilePart>& files,
                         const Pairs& headers = {});
    Reply send_json(std::string method, std::string path, std::string json, const Pairs& headers = {});
    Reply post_json(std::string path, std::string json, const Pairs& headers = {}) {
        return send_json("POST", std::move(path), std::move(json), headers);
    }
    // Anything. Host, Cookie, Content-Length and the headers of always() are added.
    Reply request(std::string method, std::string path, const Pairs& headers, std::string body,
                  bool chunked = false);

    HttpClient& follow_redirects(bool follow);                // GET after 303, at most 10; off at first
    HttpClient& always(std::string name, std::string value);  // a header of every request; "" removes it
    HttpClient& timeout(std::chrono::milliseconds timeout);
    [[nodiscard]] std::string cookie(std::string_view name) const;
    [[nodiscard]] std::string cookie_header() const;  // "a=1; b=2"
    void set_cookie(std::string name, std::string value);
    void forget_cookies() { cookies_.clear(); }
    [[nodiscard]] const std::string& csrf() const { return csrf_; }
    [[nodiscard]] const std::string& location() const {
        return location_;
    }  // path of the last request, after redirects
    void disconnect() { wire_.reset(); }

  private:
    Reply exchange(const std::string& method, const std::string& path, const Pairs& headers,
                   const std::string& body, bool chunked);
    void remember(const Reply& reply);

    int port_;
    std::string host_;
    bool tls_;
    bool follow_ = false;
    std::chrono::milliseconds timeout_{10'000};
    std::map<std::string, std::string, std::less<>> cookies_;
    std::map<std::string, std::string> always_;
    std::string csrf_, location_;
    std::optional<Wire> wire_;
};

// An open event stream.
class EventStream {
  public:
    EventStream(HttpClient& client, int port, const std::string& path, std::string host = "127.0.0.1");
    struct Event {
        std::string name, data;
    };
    // The next event; comments and heartbeats are passed over. Nothing when the stream ended.
    std::optional<Event> next();
    [[nodiscard]] int status() const { return status_; }
    // The next line as it is, heartbeats too.
    std::string line();

  private:
    Wire wire_;
    int status_ = 0;
};

}  // namespace braid::test
