// One connection's bytes become requests. Internal to this folder; Beast's parser is behind this header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "platform/http/form.h"
#include "platform/http/message.h"

namespace braid::http {

// Takes the pieces of a body. Anything but success ends the request.
class BodySink {
  public:
    virtual ~BodySink() = default;
    virtual Result<void> on_body(std::string_view piece) = 0;
};

// Strict where leniency lets one request hide in another (RFC 9112 sections 5.2, 6.3, 11.2): folded header
// lines, a repeated or odd Content-Length, Content-Length beside Transfer-Encoding, any coding but "chunked"
// alone, a missing or second Host and bare line ends are all refused.
class RequestReader {
  public:
    RequestReader(std::size_t max_header_bytes, FormLimits limits);
    ~RequestReader();

    // The next request, read into `request` (which outlives it).
    void start(Request& request);

    enum class Status {
        need_more,  // call again with what was not consumed and more behind it
        header,     // the header is complete: look at it, then call again for the body
        done,       // the request is complete
        failed,     // see failure(); the connection cannot be used any more
    };
    // `consumed`: how much of `input` is done with.
    Status read(std::string_view input, std::size_t& consumed);

    // From Status::header on.
    [[nodiscard]] bool has_body() const;
    [[nodiscard]] std::optional<std::uint64_t> content_length() const;
    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] bool old_version() const;  // HTTP/1.0
    [[nodiscard]] bool in_body() const;      // the header was read
    void set_sink(BodySink* sink);

    [[nodiscard]] const Refusal& failure() const;
    // The sink refused; the framing was sound.
    [[nodiscard]] bool failed_in_form() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace braid::http
