#include "platform/sql/dialect.h"

#include <algorithm>

#include "base/text.h"

namespace braid::sql {

namespace {

constexpr std::string_view kSqliteOnly = "/* sqlite only:";

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Where the piece that begins at `from` ends: a string, a quoted name, a comment, a word or one character.
std::size_t end_of_piece(std::string_view text, std::size_t from) {
    const auto after = [&](std::string_view end, std::size_t start) {
        const auto at = text.find(end, start);
        return at == std::string_view::npos ? text.size() : at + end.size();
    };
    const char c = text[from];
    if (c == '\'' || c == '"')
        return after(std::string_view(&text[from], 1), from + 1);  // '' reads as two strings
    if (text.substr(from, 2) == "--") return after("\n", from);
    if (text.substr(from, 2) == "/*") return after("*/", from + 2);
    std::size_t end = from + 1;
    if (is_word(c)) {
        while (end < text.size() && is_word(text[end]))
            ++end;
    }
    return end;
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
    while (at < text.size() && is_space(text[at]))
        ++at;
    return at;
}

// Whether the words "PRIMARY KEY" follow.
bool primary_key_follows(std::string_view text, std::size_t at) {
    for (const std::string_view word : {"primary", "key"}) {
        at = skip_spaces(text, at);
        if (at == text.size()) return false;
        const std::size_t end = end_of_piece(text, at);
        if (!ascii_iequals(text.substr(at, end - at), word)) return false;
        at = end;
    }
    return true;
}

}  // namespace

std::string for_sqlite(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 32);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = end_of_piece(text, at);
        const std::string_view piece = text.substr(at, end - at);
        if (piece == "$" && end < text.size() && is_digit(text[end])) {
            out += '?';
        } else if (piece.starts_with(kSqliteOnly)) {
            out += for_sqlite(piece.substr(kSqliteOnly.size(), piece.size() - kSqliteOnly.size() - 2));
        } else if (piece == "/* postgres only */") {
            const auto over = text.find("/* end */", end);
            at = over == std::string_view::npos ? text.size() : over + std::string_view("/* end */").size();
            continue;
        } else if (piece == "/* clustered */") {
            out += "WITHOUT ROWID";
        } else if (ascii_iequals(piece, "bytea")) {
            out += "BLOB";
        } else if (ascii_iequals(piece, "bigint") && primary_key_follows(text, end)) {
            out += "INTEGER";
        } else {
            out += piece;
        }
        at = end;
    }
    return out;
}

}  // namespace braid::sql
