#include "platform/http/negotiate.h"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <new>
#include <stdexcept>

#include "base/text.h"

namespace braid::http {

namespace {

constexpr int kGzipLevel = 5;
constexpr int kBrotliQuality = 4;
constexpr int kBrotliWindow = 18;  // 256 KB: pages are smaller, and the encoder's memory grows with it

// Weight of a coding in thousandths, or -1 when the header does not name it.
int weight(std::string_view header, std::string_view wanted) {
    for (const auto item : split(header, ',')) {
        const auto semicolon = item.find(';');
        if (!ascii_iequals(trim(item.substr(0, semicolon)), wanted)) continue;
        if (semicolon == std::string_view::npos) return 1000;
        const auto parameter = trim(item.substr(semicolon + 1));
        if (parameter.size() < 3 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=')
            return 1000;
        double value = 0;
        const auto number = parameter.substr(2);
        const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), value);
        if (failure != std::errc{}) return 0;
        return static_cast<int>(std::clamp(value, 0.0, 1.0) * 1000);
    }
    return -1;
}

struct Deflater {
    z_stream stream{};
    Deflater() {
        // 15 + 16: the gzip format (RFC 1952).
        if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
    }
    ~Deflater() { deflateEnd(&stream); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
};

std::string gzip(std::string_view bytes) {
    thread_local Deflater deflater;
    deflateReset(&deflater.stream);
    std::string out(deflateBound(&deflater.stream, bytes.size()), '\0');
    deflater.stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    deflater.stream.avail_in = static_cast<uInt>(bytes.size());
    deflater.stream.next_out = reinterpret_cast<Bytef*>(out.data());
    deflater.stream.avail_out = static_cast<uInt>(out.size());
    if (deflate(&deflater.stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("gzip");
    out.resize(out.size() - deflater.stream.avail_out);
    return out;
}

std::string brotli(std::string_view bytes) {
    std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
    std::string out(size, '\0');
    if (BrotliEncoderCompress(kBrotliQuality, kBrotliWindow, BROTLI_MODE_TEXT, bytes.size(),
                              reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                              reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_FALSE) {
        throw std::runtime_error("brotli");
    }
    out.resize(size);
    return out;
}

std::string_view opaque(std::string_view etag) {
    return etag.starts_with("W/") ? etag.substr(2) : etag;
}

std::optional<std::int64_t> digits(std::string_view text) {
    if (text.empty() || text.size() > 18 ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        return std::nullopt;
    }
    return parse_integer(text);
}

}  // namespace

std::string_view coding_name(Coding coding) {
    return coding == Coding::gzip ? "gzip" : coding == Coding::brotli ? "br" : "identity";
}

Coding choose_coding(std::optional<std::string_view> header, bool gzip_offered, bool brotli_offered) {
    if (!header) return Coding::identity;
    const int star = weight(*header, "*");
    const auto named = [&](std::string_view name) {
        const int value = weight(*header, name);
        return value >= 0 ? value : std::max(0, star);
    };
    const int gzip_weight = gzip_offered ? named("gzip") : 0;
    const int brotli_weight = brotli_offered ? named("br") : 0;
    const int identity = std::max(0, weight(*header, "identity"));
    if (brotli_weight > 0 && brotli_weight >= gzip_weight && brotli_weight >= identity) return Coding::brotli;
    if (gzip_weight > 0 && gzip_weight >= identity) return Coding::gzip;
    return Coding::identity;
}

bool weakly_equal(std::string_view a, std::string_view b) {
    return opaque(a) == opaque(b);
}
bool strongly_equal(std::string_view a, std::string_view b) {
    return a == b && !a.starts_with("W/");
}

bool names_etag(std::string_view header, std::string_view etag, bool strong) {
    header = trim(header);
    if (header == "*") return true;
    // A tag may hold a comma: each is read from quote to quote.
    while (!header.empty()) {
        const auto open = header.find('"');
        if (open == std::string_view::npos) return false;
        const auto close = header.find('"', open + 1);
        if (close == std::string_view::npos) return false;
        const bool weak = open >= 2 && header.substr(open - 2, 2) == "W/";
        const auto tag = header.substr(weak ? open - 2 : open, close + 1 - (weak ? open - 2 : open));
        if (strong ? strongly_equal(tag, etag) : weakly_equal(tag, etag)) return true;
        header.remove_prefix(close + 1);
    }
    return false;
}

RangeAnswer parse_range(std::string_view header, std::int64_t size, ByteRange& range) {
    const auto equals = header.find('=');
    if (equals == std::string_view::npos || !ascii_iequals(trim(header.substr(0, equals)), "bytes"))
        return RangeAnswer::whole;
    const auto spec = trim(header.substr(equals + 1));
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return RangeAnswer::whole;
    const auto first = digits(trim(spec.substr(0, dash)));
    const auto last_text = trim(spec.substr(dash + 1));
    const auto last = digits(last_text);
    if (!last && !last_text.empty()) return RangeAnswer::whole;
    if (!first) {
        if (dash != 0 || !last) return RangeAnswer::whole;
        if (*last == 0 || size == 0) return RangeAnswer::unsatisfiable;
        range.length = std::min(*last, size);  // the last N bytes
        range.first = size - range.length;
        return RangeAnswer::part;
    }
    if (last && *last < *first) return RangeAnswer::whole;
    if (*first >= size) return RangeAnswer::unsatisfiable;
    range.first = *first;
    range.length = std::min(last.value_or(size - 1), size - 1) - *first + 1;
    return RangeAnswer::part;
}

bool is_compressible(std::string_view media_type) {
    const std::string type = ascii_lower(trim(media_type.substr(0, media_type.find(';'))));
    return (type.starts_with("text/") && type != "text/event-stream") || type.ends_with("+json") ||
           type.ends_with("+xml") || type == "application/json" || type == "application/javascript" ||
           type == "application/xml";
}

std::string compress(Coding coding, std::string_view bytes) {
    if (coding == Coding::gzip) return gzip(bytes);
    if (coding == Coding::brotli) return brotli(bytes);
    return std::string(bytes);
}

}  // namespace braid::http
