// Conditions, ranges and codings (RFC 9110 sections 8.8, 12.5.3, 13, 14). Internal to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace braid::http {

enum class Coding { identity, gzip, brotli };
std::string_view coding_name(Coding coding);

// The best coding of those on offer that an Accept-Encoding header takes: by weight, brotli before gzip when
// equal.
Coding choose_coding(std::optional<std::string_view> accept_encoding, bool gzip_offered, bool brotli_offered);

// Entity tags with their quotes and W/ (section 8.8.3.2).
bool weakly_equal(std::string_view a, std::string_view b);
bool strongly_equal(std::string_view a, std::string_view b);
// Whether an If-None-Match (or If-Match with `strong`) header names `etag`; "*" names every tag.
bool names_etag(std::string_view header, std::string_view etag, bool strong = false);

struct ByteRange {
    std::int64_t first = 0, length = 0;
};
enum class RangeAnswer { whole, part, unsatisfiable };
// A Range header against a body of `size` bytes. Several ranges, another unit or a malformed header: the
// whole.
RangeAnswer parse_range(std::string_view header, std::int64_t size, ByteRange& range);

// Worth compressing: text, JSON, SVG and the like.
bool is_compressible(std::string_view media_type);
// Quality chosen for a page that is made once and sent once. Any thread; each keeps its own compressor.
std::string compress(Coding coding, std::string_view bytes);

}  // namespace braid::http
