#include "platform/http/outgoing.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/text.h"
#include "platform/http/negotiate.h"
#include "platform/http/problem.h"

namespace braid::http {

namespace {

constexpr std::size_t kWorthCompressing = 1000;  // bytes: less fits one packet anyway

// Made once a second and thread.
std::string_view http_date(Timestamp now) {
    thread_local std::int64_t second = -1;
    thread_local std::string text;
    if (const std::int64_t current = now.micros / 1'000'000; current != second) {
        second = current;
        text = to_http_date(now);
    }
    return text;
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ");
    // A line end here would end the header: response splitting.
    const auto ends_line = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    bool sound = true;
    for (const char c : value)
        sound &= !ends_line(c);
    head.append(value);
    if (!sound)
        std::replace_if(head.end() - static_cast<std::ptrdiff_t>(value.size()), head.end(), ends_line, ' ');
    head.append("\r\n");
}

void add_vary(Response& response) {
    const auto vary = response.header("vary");
    if (!vary) {
        response.headers.emplace_back("Vary", "Accept-Encoding");
    } else if (ascii_lower(*vary).find("accept-encoding") == std::string::npos && *vary != "*") {
        response.set("Vary", std::string(*vary) + ", Accept-Encoding");
    }
}

// A coded variant is another representation: its tag may not be equal strongly (RFC 9110 section 8.8.3.3).
void weaken_etag(Response& response) {
    if (const auto tag = response.header("etag"); tag && !tag->starts_with("W/"))
        response.set("ETag", "W/" + std::string(*tag));
}

void code_text(const Request& request, Response& response) {
    auto& body = std::get<std::string>(response.body);
    const auto type = response.header("content-type");
    if (body.size() < kWorthCompressing || !type || !is_compressible(*type) ||
        response.header("content-encoding"))
        return;
    add_vary(response);
    const Coding coding = choose_coding(request.header("accept-encoding"), true, true);
    if (coding == Coding::identity) return;
    body = compress(coding, body);
    response.headers.emplace_back("Content-Encoding", coding_name(coding));
    weaken_etag(response);
}

std::string_view choose_static(const Request& request, Response& response) {
    const auto& body = std::get<StaticBody>(response.body);
    if (body.gzip.empty() && body.brotli.empty()) return body.identity;
    add_vary(response);
    const Coding coding =
        choose_coding(request.header("accept-encoding"), !body.gzip.empty(), !body.brotli.empty());
    if (coding == Coding::identity) return body.identity;
    response.headers.emplace_back("Content-Encoding", coding_name(coding));
    weaken_etag(response);
    return coding == Coding::gzip ? body.gzip : body.brotli;
}

// Opens the file and answers with the whole of it, a part, or 416.
void choose_range(const Request& request, Response& response, Outgoing& out) {
    const auto& body = std::get<FileBody>(response.body);
    out.file = OpenFile(::open(body.path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (out.file.fd() < 0 || ::fstat(out.file.fd(), &info) != 0) {
        throw std::system_error(errno, std::generic_category(), body.path.string());
    }
    const std::int64_t size = info.st_size;
    out.file_left = size;
    response.set("Accept-Ranges", "bytes");
    const auto wanted = request.header("range");
    if (!wanted || response.status != 200 || request.method != Method::get) return;
    if (const auto if_range = request.header("if-range")) {
        const auto tag = response.header("etag");
        if (!tag || !strongly_equal(trim(*if_range), *tag)) return;
    }
    ByteRange range;
    switch (parse_range(*wanted, size, range)) {
        case RangeAnswer::whole:
            return;
        case RangeAnswer::part:
            response.status = 206;
            out.file_offset = range.first;
            out.file_left = range.length;
            response.set("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                              std::to_string(range.first + range.length - 1) + "/" +
                                              std::to_string(size));
            return;
        case RangeAnswer::unsatisfiable:
            response.status = 416;
            out.file_left = 0;
            response.set("Content-Range", "bytes */" + std::to_string(size));
            return;
    }
}

// RFC 9110 section 13.2.2, the steps for GET and HEAD.
bool not_modified(const Request& request, const Response& response) {
    if (response.status != 200 || (request.method != Method::get && request.method != Method::head))
        return false;
    const auto tag = response.header("etag");
    const auto condition = request.header("if-none-match");
    return tag && condition && names_etag(*condition, *tag);
}

bool has_no_body(int status) {
    return status < 200 || status == 204 || status == 304;
}

}  // namespace

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

OpenFile::~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
}

Outgoing prepare(const Request& request, Response&& response, const Delivery& delivery) {
    Outgoing out;
    out.close = delivery.close;
    std::int64_t length = 0;
    if (not_modified(request, response)) {
        response.status = 304;
        if (const auto* fixed = std::get_if<StaticBody>(&response.body);
            fixed && !(fixed->gzip.empty() && fixed->brotli.empty())) {
            add_vary(response);
        }
    } else if (std::holds_alternative<std::string>(response.body)) {
        code_text(request, response);
        out.body = std::move(std::get<std::string>(response.body));
        length = static_cast<std::int64_t>(out.body.size());
    } else if (std::holds_alternative<StaticBody>(response.body)) {
        out.fixed = choose_static(request, response);
        length = static_cast<std::int64_t>(out.fixed.size());
    } else if (std::holds_alternative<FileBody>(response.body)) {
        choose_range(request, response, out);
        length = out.file_left;
    } else if (request.method != Method::head) {
        out.live = std::move(std::get<LiveBody>(response.body));
        out.close = true;  // a stream ends with its connection
    }
    out.status = response.status;

    std::string& head = out.head;
    head.reserve(1024);
    std::array<char, 4> status{};
    const int shown = std::clamp(response.status, 100, 999);
    status = {static_cast<char>('0' + shown / 100), static_cast<char>('0' + shown / 10 % 10),
              static_cast<char>('0' + shown % 10), ' '};
    head.append("HTTP/1.1 ").append(status.data(), 4).append(reason_of(shown)).append("\r\n");
    append_field(head, "Date", http_date(delivery.now));
    for (const auto& [name, value] : response.headers)
        append_field(head, name, value);
    for (const Cookie& cookie : response.cookies)
        append_field(head, "Set-Cookie", set_cookie_text(cookie, delivery.secure_cookies));
    if (!request.id.empty()) append_field(head, "X-Request-Id", request.id);
    if (!has_no_body(response.status) && !out.live)
        append_field(head, "Content-Length", std::to_string(length));
    if (out.close) {
        head.append("Connection: close\r\n");
    } else if (delivery.old_version) {
        head.append("Connection: keep-alive\r\n");
    }
    head.append("\r\n");
    if (request.method == Method::head || has_no_body(response.status)) {
        out.body.clear();
        out.fixed = {};
        out.file_left = 0;
        out.file = OpenFile();
    }
    return out;
}

}  // namespace braid::http
