#include "support/http_client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace braid::test {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::string form_encode(std::string_view text) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '*') {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
        }
    }
    return out;
}

std::string html_unescape(std::string text) {
    for (const auto& [escaped, plain] :
         {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}) {
        for (std::size_t at = 0; (at = text.find(escaped, at)) != std::string::npos; at += 1) {
            text.replace(at, std::strlen(escaped), plain);
        }
    }
    return text;
}

}  // namespace

// ---- Wire

struct Wire::Impl {
    int fd = -1;
    SSL_CTX* context = nullptr;
    SSL* session = nullptr;
    std::string kept;

    ~Impl() {
        if (session != nullptr) SSL_free(session);
        if (context != nullptr) SSL_CTX_free(context);
        if (fd >= 0) ::close(fd);
    }
    // Bytes read, 0 at the end, -1 on a reset, -2 on a timeout.
    long read(char* into, std::size_t size) const {
        if (session != nullptr) {
            const int got = SSL_read(session, into, static_cast<int>(size));
            if (got > 0) return got;
            return SSL_get_error(session, got) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
        }
        const auto got = ::recv(fd, into, size, 0);
        if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? -2 : -1;
        return got;
    }
};

Wire::Wire(const std::string& host, int port, bool tls, std::chrono::milliseconds timeout)
    : impl_(std::make_unique<Impl>()) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list) != 0)
        throw ConnectionError("resolve " + host);
    impl_->fd = ::socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{timeout.count() / 1000, (timeout.count() % 1000) * 1000};
    ::setsockopt(impl_->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(impl_->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(impl_->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int connected = ::connect(impl_->fd, list->ai_addr, list->ai_addrlen);
    ::freeaddrinfo(list);
    if (connected != 0)
        throw ConnectionError("connect to port " + std::to_string(port) + ": " + std::strerror(errno));
    if (tls) {
        impl_->context = SSL_CTX_new(TLS_client_method());
        impl_->session = SSL_new(impl_->context);
        SSL_set_fd(impl_->session, impl_->fd);
        SSL_set_tlsext_host_name(impl_->session, host.c_str());
        if (SSL_connect(impl_->session) != 1) throw ConnectionError("TLS handshake");
    }
}

Wire::~Wire() = default;
Wire::Wire(Wire&&) noexcept = default;
Wire& Wire::operator=(Wire&&) noexcept = default;

void Wire::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const long sent = impl_->session != nullptr
                              ? SSL_write(impl_->session, bytes.data(), static_cast<int>(bytes.size()))
                              : ::send(impl_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw ConnectionError("send: " + std::string(std::strerror(errno)));
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string Wire::read_some() {
    if (!impl_->kept.empty()) return std::exchange(impl_->kept, {});
    std::array<char, 16384> bytes;
    const long got = impl_->read(bytes.data(), bytes.size());
    if (got == -2) throw ConnectionError("nothing came in time");
    if (got < 0) throw ConnectionError("reset");
    return {bytes.data(), static_cast<std::size_t>(got)};
}

std::string Wire::read_until(std::string_view mark) {
    std::string got;
    for (;;) {
        if (const auto at = got.find(mark); at != std::string::npos) {
            impl_->kept = got.substr(at + mark.size()) + impl_->kept;
            got.resize(at + mark.size());
            return got;
        }
        std::string more = read_some();
        if (more.empty()) throw ConnectionError("the connection ended after: " + got.substr(0, 200));
        got += more;
    }
}

std::string Wire::read_exactly(std::size_t count) {
    std::string got;
    while (got.size() < count) {
        std::string more = read_some();
        if (more.empty()) throw ConnectionError("the connection ended early");
        got += more;
    }
    impl_->kept = got.substr(count) + impl_->kept;
    got.resize(count);
    return got;
}

std::string Wire::read_to_end() {
    std::string got = std::exchange(impl_->kept, {});
    std::array<char, 16384> bytes;
    for (;;) {
        const long more = impl_->read(bytes.data(), bytes.size());
        if (more == -2) throw ConnectionError("the connection did not end in time");
        if (more <= 0) return got;
        got.append(bytes.data(), static_cast<std::size_t>(more));
    }
}

bool Wire::ends() {
    try {
        (void)read_to_end();
        return true;
    } catch (const ConnectionError&) {
        return false;
    }
}

void Wire::finish_sending() {
    ::shutdown(impl_->fd, SHUT_WR);
}

std::string Wire::certificate_subject() const {
    if (impl_->session == nullptr) return {};
    X509* certificate = SSL_get1_peer_certificate(impl_->session);
    if (certificate == nullptr) return {};
    std::array<char, 256> text{};
    X509_NAME_oneline(X509_get_subject_name(certificate), text.data(), text.size());
    X509_free(certificate);
    return text.data();
}

// ---- Reply

std::string Reply::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) return value;
    }
    return {};
}

bool Reply::has(std::string_view name) const {
    return std::any_of(headers.begin(), headers.end(),
                       [&](const auto& header) { return header.first == name; });
}

std::string Reply::attribute(std::string_view marker, std::string_view name) const {
    const auto at = body.find(marker);
    if (at == std::string::npos) return {};
    const auto open = body.rfind('<', at);
    const auto close = body.find('>', at);
    if (open == std::string::npos || close == std::string::npos) return {};
    const std::string element = body.substr(open, close - open);
    const std::string start = " " + std::string(name) + "=\"";
    const auto value = element.find(start);
    if (value == std::string::npos) return {};
    const auto from = value + start.size();
    return html_unescape(element.substr(from, element.find('"', from) - from));
}

Reply read_reply(Wire& wire, bool head) {
    Reply reply;
    do {
        reply = {};
        const std::string text = wire.read_until("\r\n\r\n");
        if (!text.starts_with("HTTP/1.1 ")) throw ConnectionError("no HTTP response: " + text.substr(0, 80));
        reply.status = std::stoi(text.substr(9, 3));
        std::size_t at = text.find("\r\n") + 2;
        while (at < text.size() - 2) {
            const auto end = text.find("\r\n", at);
            const auto colon = text.find(':', at);
            if (colon > end) throw ConnectionError("a header line without a colon");
            auto value = text.substr(colon + 1, end - colon - 1);
            value.erase(0, value.find_first_not_of(' ') == std::string::npos ? value.size()
                                                                             : value.find_first_not_of(' '));
            reply.headers.emplace_back(lower(text.substr(at, colon - at)), value);
            at = end + 2;
        }
    } while (reply.status == 100);
    if (head || reply.status == 204 || reply.status == 304) return reply;
    if (reply.header("transfer-encoding") == "chunked") {
        for (;;) {
            const std::string line = wire.read_until("\r\n");
            const auto size = std::stoul(line, nullptr, 16);
            if (size == 0) break;
            reply.body += wire.read_exactly(size);
            (void)wire.read_exactly(2);
        }
        (void)wire.read_until("\r\n");
    } else if (reply.has("content-length")) {
        reply.body = wire.read_exactly(std::stoul(reply.header("content-length")));
    } else if (!reply.header("content-type").starts_with("text/event-stream")) {
        reply.body = wire.read_to_end();
    }
    return reply;
}

// ---- HttpClient

HttpClient::HttpClient(int port, std::string host, bool tls)
    : port_(port), host_(std::move(host)), tls_(tls) {}

HttpClient& HttpClient::follow_redirects(bool follow) {
    follow_ = follow;
    return *this;
}

HttpClient& HttpClient::always(std::string name, std::string value) {
    if (value.empty()) {
        always_.erase(name);
    } else {
        always_[std::move(name)] = std::move(value);
    }
    return *this;
}

HttpClient& HttpClient::timeout(std::chrono::milliseconds timeout) {
    timeout_ = timeout;
    wire_.reset();
    return *this;
}

std::string HttpClient::cookie(std::string_view name) const {
    const auto found = cookies_.find(name);
    return found == cookies_.end() ? std::string() : found->second;
}

std::string HttpClient::cookie_header() const {
    std::string text;
    for (const auto& [name, value] : cookies_) {
        if (!text.empty()) text += "; ";
        text.append(name).append("=").append(value);
    }
    return text;
}

void HttpClient::set_cookie(std::string name, std::string value) {
    cookies_[std::move(name)] = std::move(value);
}

Reply HttpClient::get(std::string path, const Pairs& headers) {
    return request("GET", std::move(path), headers, {});
}
Reply HttpClient::head(std::string path, const Pairs& headers) {
    return request("HEAD", std::move(path), headers, {});
}
Reply HttpClient::del(std::string path, const Pairs& headers) {
    return request("DELETE", std::move(path), headers, {});
}

Reply HttpClient::post(std::string path, const Pairs& fields, const Pairs& headers) {
    std::string body;
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!body.empty()) body += '&';
        body += form_encode(name) + "=" + form_encode(value);
    };
    bool has_token = false;
    for (const auto& [name, value] : fields) {
        has_token = has_token || name == "_csrf";
        add(name, value);
    }
    if (!has_token && !csrf_.empty()) add("_csrf", csrf_);
    Pairs all{{"Content-Type", "application/x-www-form-urlencoded"}};
    all.insert(all.end(), headers.begin(), headers.end());
    return request("POST", std::move(path), all, std::move(body));
}

Reply HttpClient::post_multipart(std::string path, const Pairs& fields, const std::vector<FilePart>& files,
                                 const Pairs& headers) {
    const std::string boundary = "----braid-test-4f1c9a7e";
    std::string body;
    const auto field = [&](const std::string& name, const std::string& value) {
        body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" +
                value + "\r\n";
    };
    bool has_token = false;
    for (const auto& [name, value] : fields) {
        has_token = has_token || name == "_csrf";
        field(name, value);
    }
    if (!has_token && !csrf_.empty()) field("_csrf", csrf_);
    for (const FilePart& file : files) {
        body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + file.field +
                "\"; filename=\"" + file.filename + "\"\r\nContent-Type: " + file.media_type + "\r\n\r\n" +
                file.content + "\r\n";
    }
    body += "--" + boundary + "--\r\n";
    Pairs all{{"Content-Type", "multipart/form-data; boundary=" + boundary}};
    all.insert(all.end(), headers.begin(), headers.end());
    return request("POST", std::move(path), all, std::move(body));
}

Reply HttpClient::send_json(std::string method, std::string path, std::string json, const Pairs& headers) {
    Pairs all{{"Content-Type", "application/json"}};
    all.insert(all.end(), headers.begin(), headers.end());
    return request(std::move(method), std::move(path), all, std::move(json));
}

Reply HttpClient::request(std::string method, std::string path, const Pairs& headers, std::string body,
                          bool chunked) {
    Reply reply = exchange(method, path, headers, body, chunked);
    location_ = path;
    for (int hop = 0;
         follow_ && hop < 10 && (reply.status == 303 || reply.status == 302 || reply.status == 301); ++hop) {
        location_ = reply.header("location");
        reply = exchange("GET", location_, {}, {}, false);
    }
    return reply;
}

Reply HttpClient::exchange(const std::string& method, const std::string& path, const Pairs& headers,
                           const std::string& body, bool chunked) {
    std::string text = method + " " + path + " HTTP/1.1\r\n";
    const auto given = [&](std::string_view name) {
        return std::any_of(headers.begin(), headers.end(),
                           [&](const auto& header) { return lower(header.first) == name; });
    };
    if (!given("host")) text += "Host: " + host_ + ":" + std::to_string(port_) + "\r\n";
    for (const auto& [name, value] : always_) {
        if (!given(lower(name))) text += name + ": " + value + "\r\n";
    }
    if (!cookies_.empty() && !given("cookie")) text += "Cookie: " + cookie_header() + "\r\n";
    for (const auto& [name, value] : headers)
        text.append(name).append(": ").append(value).append("\r\n");
    const bool may_have_body = method != "GET" && method != "HEAD";
    if (chunked) {
        text += "Transfer-Encoding: chunked\r\n\r\n";
        for (std::size_t at = 0; at < body.size(); at += 1000) {
            const std::string piece = body.substr(at, 1000);
            std::array<char, 16> size{};
            std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
            text += size.data() + piece + "\r\n";
        }
        text += "0\r\n\r\n";
    } else {
        if (may_have_body || !body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        text += "\r\n" + body;
    }
    // A connection kept from before may have been closed meanwhile: then once more on a new one.
    for (const bool fresh : {false, true}) {
        const bool reused = wire_.has_value() && !fresh;
        if (!reused) wire_.emplace(host_, port_, tls_, timeout_);
        try {
            wire_->send(text);
            Reply reply = read_reply(*wire_, method == "HEAD");
            if (reply.header("connection") == "close") wire_.reset();
            remember(reply);
            return reply;
        } catch (const ConnectionError&) {
            wire_.reset();
            if (!reused) throw;
        }
    }
    throw ConnectionError("unreachable");
}

void HttpClient::remember(const Reply& reply) {
    for (const auto& [name, value] : reply.headers) {
        if (name != "set-cookie") continue;
        const std::string pair = value.substr(0, value.find(';'));
        const auto equals = pair.find('=');
        const std::string key = pair.substr(0, equals);
        if (value.find("Max-Age=0") != std::string::npos) {
            cookies_.erase(key);
        } else {
            cookies_[key] = pair.substr(equals + 1);
        }
    }
    if (std::string token = reply.attribute("name=\"_csrf\"", "value"); !token.empty())
        csrf_ = std::move(token);
}

// ---- EventStream

EventStream::EventStream(HttpClient& client, int port, const std::string& path, std::string host)
    : wire_(host, port) {
    std::string text = "GET " + path + " HTTP/1.1\r\nHost: " + host + ":" + std::to_string(port) +
                       "\r\nAccept: text/event-stream\r\n";
    if (const auto cookies = client.cookie_header(); !cookies.empty()) text += "Cookie: " + cookies + "\r\n";
    wire_.send(text + "\r\n");
    status_ = read_reply(wire_).status;
}

std::string EventStream::line() {
    std::string line = wire_.read_until("\n");
    line.pop_back();
    return line;
}

std::optional<EventStream::Event> EventStream::next() {
    Event event;
    bool any = false;
    try {
        for (;;) {
            const std::string text = line();
            if (text.empty()) {
                if (any) return event;
                event = {};
            } else if (text.starts_with("event: ")) {
                event.name = text.substr(7);
            } else if (text.starts_with("data: ")) {
                if (any) event.data += '\n';
                event.data += text.substr(6);
                any = true;
            }
        }
    } catch (const ConnectionError&) {
        return std::nullopt;
    }
}

}  // namespace braid::test
