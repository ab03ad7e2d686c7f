// A response made ready for the wire. Internal to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/message.h"

namespace braid::http {

// Owns an open file.
class OpenFile {
  public:
    OpenFile() = default;
    explicit OpenFile(int fd) : fd_(fd) {}
    OpenFile(OpenFile&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    OpenFile& operator=(OpenFile&& other) noexcept;
    ~OpenFile();
    [[nodiscard]] int fd() const { return fd_; }

  private:
    int fd_ = -1;
};

struct Outgoing {
    std::string head;        // status line, fields, blank line
    std::string body;        // owned bytes, or
    std::string_view fixed;  // bytes that live as long as the program, or
    OpenFile file;           // a part of a file, or
    std::int64_t file_offset = 0, file_left = 0;
    std::optional<LiveBody> live;  // a stream
    int status = 0;
    bool close = false;       // the connection ends after it
    std::size_t written = 0;  // of head and body (or fixed) together

    [[nodiscard]] std::string_view content() const { return body.empty() ? fixed : std::string_view(body); }
};

struct Delivery {
    Timestamp now;
    bool secure_cookies = false;
    bool close = false;
    bool old_version = false;  // HTTP/1.0: an open connection must be said
};

// Conditions, ranges, content coding, then the header's text. A file that cannot be opened:
// std::system_error.
Outgoing prepare(const Request& request, Response&& response, const Delivery& delivery);

}  // namespace braid::http
