// Small text functions over UTF-8 that everything needs. No locale, no Unicode tables: what needs those is in
// platform/i18n.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

[[nodiscard]] bool is_valid_utf8(std::string_view text);             // RFC 3629; NUL counts as invalid
[[nodiscard]] std::size_t count_code_points(std::string_view text);  // of valid UTF-8
[[nodiscard]] std::string_view trim(std::string_view text);  // ASCII white space and U+00A0 at both ends
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] bool ascii_iequals(std::string_view a, std::string_view b);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] bool starts_with_word(std::string_view text, std::string_view word);
// At most `limit` code points; cut at a word boundary where one is near, and then ended with "…".
[[nodiscard]] std::string ellipsis(std::string_view text, std::size_t limit);
[[nodiscard]] std::size_t count_words(std::string_view text);  // runs of non-space
[[nodiscard]] std::string base64url(std::string_view bytes);   // RFC 4648 section 5, no padding
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);
[[nodiscard]] std::string hex(std::string_view bytes);            // lower case
[[nodiscard]] std::string percent_encode(std::string_view text);  // RFC 3986: everything but unreserved
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// Lower-case ASCII words joined by '-', for pretty URLs; empty when nothing is left.
[[nodiscard]] std::string slug(std::string_view text);
[[nodiscard]] std::optional<long long> parse_integer(std::string_view text);  // the whole of it, decimal

}  // namespace braid
