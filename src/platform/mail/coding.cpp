#include "platform/mail/coding.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace braid::mail {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kLine = 76;  // RFC 2045: without the CRLF
constexpr std::size_t kWordBytes =
    42;  // 56 of base64, so that a word with its marks is below 75 (RFC 2047 section 2)
constexpr std::string_view kWordStart = "=?utf-8?B?";

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

void append_line(std::string& out, std::string_view line) {
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto byte = static_cast<unsigned char>(line[i]);
        const bool last = i + 1 == line.size();
        const bool blank_at_end = last && (byte == ' ' || byte == '\t');
        const bool literal =
            ((byte >= 33 && byte <= 126 && byte != '=') || byte == ' ' || byte == '\t') && !blank_at_end;
        const std::size_t width = literal ? 1 : 3;
        if (column + width > kLine - (last ? 0 : 1)) {
            out += "=\r\n";
            column = 0;
        }
        if (literal) {
            out.push_back(line[i]);
        } else {
            out.push_back('=');
            out.push_back(kHex[byte >> 4U]);
            out.push_back(kHex[byte & 15U]);
        }
        column += width;
    }
}

std::string encoded_words(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t size = std::min(text.size(), kWordBytes);
        while (size > 0 && size < text.size() && is_continuation(text[size]))
            --size;  // whole characters in each word
        if (size == 0) size = std::min(text.size(), kWordBytes);
        if (!out.empty()) out += "\r\n ";
        out.append(kWordStart).append(base64(text.substr(0, size))).append("?=");
        text.remove_prefix(size);
    }
    return out;
}

std::string folded(std::string_view text) {
    std::string out;
    std::size_t column = 12;  // room for the header's name
    bool first = true;
    for (const std::string_view word : split(text, ' ')) {
        if (!first && !word.empty() && column + 1 + word.size() > kLine) {
            out += "\r\n ";
            column = 1;
        } else if (!first) {
            out.push_back(' ');
            ++column;
        }
        out += word;
        column += word.size();
        first = false;
    }
    return out;
}

}  // namespace

std::string quoted_printable(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    while (true) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
        append_line(out, line);
        if (end == std::string_view::npos) break;
        out += "\r\n";
        text.remove_prefix(end + 1);
    }
    if (!out.ends_with("\r\n")) out += "\r\n";
    return out;
}

std::string from_quoted_printable(std::string_view encoded) {
    std::string out;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] == '\r' && i + 1 < encoded.size() && encoded[i + 1] == '\n') continue;
        if (encoded[i] != '=') {
            out.push_back(encoded[i]);
            continue;
        }
        if (encoded.substr(i + 1).starts_with("\r\n")) {
            i += 2;
        } else if (encoded.substr(i + 1).starts_with("\n")) {
            i += 1;
        } else if (i + 2 < encoded.size() && hex_value(encoded[i + 1]) >= 0 &&
                   hex_value(encoded[i + 2]) >= 0) {
            out.push_back(static_cast<char>(hex_value(encoded[i + 1]) * 16 + hex_value(encoded[i + 2])));
            i += 2;
        } else {
            out.push_back('=');
        }
    }
    return out;
}

std::string base64(std::string_view bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = bits << 8U | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j) {
            out.push_back(j <= count ? kBase64[bits >> (18 - 6 * j) & 63U] : '=');
        }
    }
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const auto value = kBase64.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<char>(bits >> held & 255U));
        }
    }
    return out;
}

std::string encode_header(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    const auto words = split(text, ' ');
    const bool foldable =
        std::all_of(words.begin(), words.end(), [](auto word) { return word.size() <= kLine - 1; });
    // "=?" in plain text would be read as an encoded word.
    return plain && foldable && text.find("=?") == std::string_view::npos && trim(text).size() == text.size()
               ? folded(text)
               : encoded_words(text);
}

std::string decode_header(std::string_view value) {
    std::string out;
    std::size_t at = 0;
    bool after_word = false;
    while (at < value.size()) {
        const auto rest = value.substr(at);
        const auto end =
            rest.starts_with(kWordStart) ? rest.find("?=", kWordStart.size()) : std::string_view::npos;
        if (end != std::string_view::npos) {
            const auto decoded = from_base64(rest.substr(kWordStart.size(), end - kWordStart.size()));
            if (decoded) {
                // White space between two encoded words is not shown (RFC 2047 section 6.2).
                if (after_word) {
                    while (!out.empty() && out.back() == '\x01')
                        out.pop_back();
                }
                std::replace(out.begin(), out.end(), '\x01', ' ');
                out += *decoded;
                at += end + 2;
                after_word = true;
                continue;
            }
        }
        const char c = value[at++];
        if (c == '\r' || c == '\n') continue;
        if (after_word && (c == ' ' || c == '\t')) {
            out.push_back('\x01');  // kept only when no encoded word follows
        } else {
            std::replace(out.begin(), out.end(), '\x01', ' ');
            out.push_back(c);
            after_word = false;
        }
    }
    std::replace(out.begin(), out.end(), '\x01', ' ');
    return out;
}

}  // namespace braid::mail
