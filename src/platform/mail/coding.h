// The encodings of mail: RFC 2045 section 6.7 (quoted-printable) and RFC 2047 (encoded words). Inside this
// folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace braid::mail {

// Lines end in CRLF and are at most 76 characters long; any text comes back as it was, but for line ends.
std::string quoted_printable(std::string_view text);
std::string from_quoted_printable(std::string_view encoded);

// A header's value: folded with CRLF SPACE below 78 characters a line; words in UTF-8 base64 when not plain
// ASCII.
std::string encode_header(std::string_view text);
std::string decode_header(std::string_view value);

// RFC 4648 section 4, with padding.
std::string base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace braid::mail
