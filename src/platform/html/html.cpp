#include "platform/html/html.h"

#include <array>

#include "base/text.h"

namespace braid::html {

namespace {

// What a byte becomes; empty: itself.
using Table = std::array<std::string_view, 256>;

constexpr Table content_table() {
    Table table{};
    table['&'] = "&amp;";
    table['<'] = "&lt;";
    table['>'] = "&gt;";
    table[0] = "\xEF\xBF\xBD";  // U+FFFD, as a parser would read it
    return table;
}

constexpr Table attribute_table() {
    Table table = content_table();
    table['"'] = "&quot;";
    table['\''] = "&#39;";
    return table;
}

constexpr Table kContent = content_table();
constexpr Table kAttribute = attribute_table();

void append(std::string& out, std::string_view value, const Table& table) {
    const char* run = value.data();
    const char* const end = run + value.size();
    for (const char* at = run; at != end; ++at) {
        // Nearly every byte is itself, and those beyond '>' all are.
        if (*at > '>') continue;
        const std::string_view escaped = table[static_cast<unsigned char>(*at)];
        if (escaped.empty()) continue;
        out.append(run, at);
        out.append(escaped);
        run = at + 1;
    }
    out.append(run, end);
}

enum class Encode { rest, value };

constexpr bool is_unreserved(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// Reserved characters of RFC 3986 section 2.2 but "'", and "%".
constexpr bool is_kept(unsigned char c) {
    return is_unreserved(c) ||
           std::string_view(":/?#[]@!$&()*+,;=%").find(static_cast<char>(c)) != std::string_view::npos;
}

// By byte: 1, kept further on in a URL; 2, kept in a value.
constexpr std::array<unsigned char, 256> kKept = [] {
    std::array<unsigned char, 256> table{};
    for (int c = 0; c < 256; ++c) {
        const auto byte = static_cast<unsigned char>(c);
        table[byte] = static_cast<unsigned char>((is_kept(byte) ? 1 : 0) | (is_unreserved(byte) ? 2 : 0));
    }
    return table;
}();

void append_url(std::string& out, std::string_view value, Encode how) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    const unsigned char wanted = how == Encode::value ? 2 : 1;
    const char* run = value.data();
    const char* const end = run + value.size();
    for (const char* at = run; at != end; ++at) {
        const auto c = static_cast<unsigned char>(*at);
        const bool kept = (kKept[c] & wanted) != 0;
        if (kept && c != '&') continue;
        out.append(run, at);
        run = at + 1;
        if (kept) {
            out.append("&amp;");
        } else {
            const char coded[] = {'%', kHex[c >> 4], kHex[c & 15]};
            out.append(coded, 3);
        }
    }
    out.append(run, end);
}

bool has_forbidden(std::string_view text) {
    for (const char each : text) {
        const auto c = static_cast<unsigned char>(each);
        if (c <= 0x20 || c == 0x7F || c == '\\') return true;
    }
    return false;
}

}  // namespace

bool is_local_or_web(std::string_view url) {
    if (url.empty()) return false;
    if (url.front() == '#' || url.front() == '?') return true;
    // Everything before the path, query or fragment decides where a URL leads; browsers drop tabs and line
    // breaks anywhere in it.
    if (url.front() == '/') {
        return url.size() == 1 ||
               (url[1] != '/' && url[1] != '\\' && static_cast<unsigned char>(url[1]) > 0x20);
    }
    const auto colon = url.find(':');
    if (colon == std::string_view::npos) return false;
    const auto scheme = url.substr(0, colon);
    const auto rest = url.substr(colon + 1);
    if (ascii_iequals(scheme, "mailto"))
        return !rest.empty() && !has_forbidden(rest.substr(0, rest.find('?')));
    if (ascii_iequals(scheme, "tel"))
        return !rest.empty() && rest.find_first_not_of("+0123456789") == std::string_view::npos;
    if (!ascii_iequals(scheme, "https") && !ascii_iequals(scheme, "http")) return false;
    if (!rest.starts_with("//")) return false;
    const auto authority = rest.substr(2, rest.find_first_of("/?#", 2) - 2);
    return !authority.empty() && !has_forbidden(authority);
}

std::string escape(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    append(out, text, kAttribute);
    return out;
}

void Out::content(std::string_view value) {
    append(text_, value, kContent);
}
void Out::attribute(std::string_view value) {
    append(text_, value, kAttribute);
}

void Out::url(std::string_view value) {
    if (is_local_or_web(value))
        append_url(text_, value, Encode::rest);
    else
        text_.push_back('#');
}

void Out::url_rest(std::string_view value) {
    append_url(text_, value, Encode::rest);
}

void Out::url_after_slash(std::string_view value) {
    if (value.starts_with('/')) {
        text_.append("%2F");
        value.remove_prefix(1);
    }
    append_url(text_, value, Encode::rest);
}

void Out::url_value(std::string_view value) {
    append_url(text_, value, Encode::value);
}

void Out::message(std::string_view text,
                  std::initializer_list<std::pair<std::string_view, ContentArgument>> arguments) {
    i18n::split_message(
        text, [&](std::string_view literal) { content(literal); },
        [&](std::string_view name) {
            for (const auto& [key, argument] : arguments) {
                if (key != name) continue;
                if (argument.is_number_)
                    content(i18n::number(language_, argument.number_));
                else if (argument.is_safe_)
                    raw(argument.text_);
                else
                    content(argument.text_);
                return true;
            }
            return false;
        });
}

void Out::attribute_message(std::string_view text,
                            std::initializer_list<std::pair<std::string_view, TextArgument>> arguments) {
    i18n::split_message(
        text, [&](std::string_view literal) { attribute(literal); },
        [&](std::string_view name) {
            for (const auto& [key, argument] : arguments) {
                if (key != name) continue;
                if (argument.is_number_)
                    attribute(i18n::number(language_, argument.number_));
                else
                    attribute(argument.text_);
                return true;
            }
            return false;
        });
}

}  // namespace braid::html
