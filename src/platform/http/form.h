// Forms and queries as they come over the wire. Internal to this folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/http/message.h"

namespace braid::http {

struct FormLimits {
    int max_fields = 1000;  // fields and files together
    std::size_t max_name_bytes = 200;
    std::size_t max_field_bytes = 4 << 20;  // of one field's value; files are bounded by the whole body
};

// application/x-www-form-urlencoded (WHATWG URL, section 5.1): '+' is a space, a malformed %-sequence stays
// as it is. A name or value that is not UTF-8 or holds NUL is an error naming the field; so is one field too
// many, or one too long.
Result<Fields> parse_urlencoded(std::string_view text, const FormLimits& limits);

// multipart/form-data (RFC 7578, RFC 2046 section 5.1.1), piece by piece: fields are kept, files go to
// `folder` as they come. What is on disk belongs to the form from the moment it is there.
class MultipartReader {
  public:
    MultipartReader(std::string_view boundary, std::filesystem::path folder, FormLimits limits, Form& form);
    ~MultipartReader();
    MultipartReader(const MultipartReader&) = delete;
    MultipartReader& operator=(const MultipartReader&) = delete;

    // The next bytes of the body, cut anywhere. After an error nothing more may be fed. Throws
    // std::system_error when a file cannot be written.
    Result<void> feed(std::string_view piece);
    // The body has ended: an error unless the closing delimiter was there.
    Result<void> finish();

  private:
    enum class State { before, after_delimiter, header, content, end };
    Result<bool> step();
    Result<void> begin_part(std::string_view header);
    Result<void> take_content(std::string_view content);
    Result<void> end_part();
    void open_file();
    void close_file();

    const std::string delimiter_;  // CRLF -- boundary
    const std::filesystem::path folder_;
    const FormLimits limits_;
    Form& form_;
    State state_ = State::before;
    std::string pending_;
    int parts_ = 0;
    // The part that is being read.
    bool is_file_ = false;
    std::string name_, value_, filename_, content_type_;
    int fd_ = -1;
};

// The boundary of a Content-Type header that says multipart/form-data, or nothing.
std::optional<std::string> multipart_boundary(std::string_view content_type);

}  // namespace braid::http
