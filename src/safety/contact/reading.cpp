#include "safety/contact/reading.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

namespace braid::contact {

namespace {

constexpr char kNothing = '\0';  // zero-width: not seen, so not read

// Letters that look like Latin ones and have no decomposition that says so, and letters with a stroke.
struct Likeness {
    char32_t from;
    char to;
};
constexpr Likeness kLikenesses[] = {
    {0xDF, 's'},
    {0xE6, 'a'},
    {0xF0, 'd'},
    {0xF8, 'o'},
    {0xFE, 't'},
    {0x111, 'd'},
    {0x131, 'i'},
    {0x142, 'l'},
    {0x153, 'o'},
    {0x251, 'a'},
    {0x261, 'g'},
    {0x3B1, 'a'},
    {0x3B5, 'e'},
    {0x3B9, 'i'},
    {0x3BA, 'k'},
    {0x3BD, 'v'},
    {0x3BF, 'o'},
    {0x3C1, 'p'},
    {0x3C5, 'u'},
    {0x3C7, 'x'},
    {0x430, 'a'},
    {0x435, 'e'},
    {0x43E, 'o'},
    {0x43A, 'k'},
    {0x43C, 'm'},
    {0x43D, 'h'},
    {0x440, 'p'},
    {0x441, 'c'},
    {0x442, 't'},
    {0x443, 'y'},
    {0x445, 'x'},
    {0x455, 's'},
    {0x456, 'i'},
    {0x457, 'i'},
    {0x458, 'j'},
    {0x4BB, 'h'},
    {0x501, 'd'},
    {0x51B, 'q'},
    {0x51D, 'w'},
    {0x578, 'n'},
    {0x585, 'o'},
    // Dots, at-signs, slashes and dashes under other names.
    {0xB7, '.'},
    {0x2010, '-'},
    {0x2011, '-'},
    {0x2012, '-'},
    {0x2013, '-'},
    {0x2014, '-'},
    {0x2022, '.'},
    {0x2027, '.'},
    {0x2044, '/'},
    {0x2212, '-'},
    {0x2215, '/'},
    {0x2218, '.'},
    {0x22C5, '.'},
    {0x3002, '.'},
    {0x30FB, '.'},
    {0x2018, '\''},
    {0x2019, '\''},
    {0x201C, '"'},
    {0x201D, '"'},
    {0xAB, '"'},
    {0xBB, '"'},
    {0xA0, ' '},
    {0x20AC, '$'},
    {0xA3, '$'},
    {0xA5, '$'},
};

bool is_invisible(char32_t c) {
    if (c == 0xAD || c == 0x20E3 || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c <= 0xE0FFF))
        return true;
    const int type = u_charType(static_cast<UChar32>(c));
    return type == U_FORMAT_CHAR || type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

// The first plain character of what Unicode decomposes it to.
char by_decomposition(char32_t c) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* compatibly = icu::Normalizer2::getNFKDInstance(status);
    icu::UnicodeString parts;
    if (U_FAILURE(status) || !compatibly->getDecomposition(static_cast<UChar32>(c), parts)) return kNothing;
    const UChar32 first = u_tolower(parts.char32At(0));
    // "(a)", "1." and "1⁄2" are one character too: only what stands for one letter or sign counts.
    if (first < 0x80 && first > 0x20)
        return static_cast<char>(first == '(' && parts.length() == 3 ? u_tolower(parts[1]) : first);
    if (first == 0x20 && parts.length() == 1) return ' ';
    for (const Likeness& like : kLikenesses) {
        if (like.from == static_cast<char32_t>(first)) return like.to;
    }
    return kNothing;
}

char fold_beyond_ascii(char32_t c) {
    if (is_invisible(c)) return kNothing;
    const auto lower = static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
    for (const Likeness& like : kLikenesses) {
        if (like.from == lower) return like.to;
    }
    // Letters of the alphabet in squares and flags of countries, which are letters too.
    for (const char32_t first : {0x1F130, 0x1F150, 0x1F170, 0x1F1E6}) {
        if (c >= first && c < first + 26) return static_cast<char>('a' + (c - first));
    }
    if (const char plain = by_decomposition(c); plain != kNothing) return plain;
    if (c == 0x85 || c == 0x2028 || c == 0x2029) return '\n';
    if (u_isalpha(static_cast<UChar32>(c)) != 0) return kLetter;
    if (const auto digit = u_charDigitValue(static_cast<UChar32>(c)); digit >= 0 && digit <= 9)
        return static_cast<char>('0' + digit);
    return u_isspace(static_cast<UChar32>(c)) != 0 ? ' ' : kOther;
}

// The alphabets most texts are written in, looked up once.
constexpr char32_t kTable = 0x600;

const std::array<char, kTable>& table() {
    static const std::array<char, kTable> kFolded = [] {
        std::array<char, kTable> folded{};
        for (char32_t c = 0; c < kTable; ++c) {
            if (c >= 0x80) {
                folded[c] = fold_beyond_ascii(c);
            } else if (c >= 'A' && c <= 'Z') {
                folded[c] = static_cast<char>(c + 32);
            } else if (c == '\n') {
                folded[c] = '\n';
            } else if (c < 0x20 || c == 0x7F) {
                folded[c] = c == '\t' || c == '\r' || c == '\f' || c == '\v' ? ' ' : kOther;
            } else {
                folded[c] = static_cast<char>(c);
            }
        }
        return folded;
    }();
    return kFolded;
}

bool is_capital(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z';
    return u_isUUppercase(static_cast<UChar32>(c)) != 0 || u_istitle(static_cast<UChar32>(c)) != 0;
}

}  // namespace

Reading::Reading(std::string_view original) {
    const auto& folds = table();
    text.reserve(original.size());
    glyphs.reserve(original.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(original.data());
    const auto length = static_cast<std::int32_t>(std::min<std::size_t>(original.size(), INT32_MAX));
    std::uint32_t point = 0;
    for (std::int32_t next = 0; next < length; ++point) {
        const std::int32_t begin = next;
        UChar32 c = 0;
        U8_NEXT(bytes, next, length, c);
        char folded = kOther;
        if (c < 0) {
            next = begin + 1;
        } else {
            const auto u = static_cast<char32_t>(c);
            folded = u < kTable ? folds[u] : fold_beyond_ascii(u);
        }
        if (folded == kNothing) {
            // A mark belongs to the letter before it.
            if (!glyphs.empty() && c >= 0 &&
                (u_getCombiningClass(c) != 0 || u_charType(c) == U_NON_SPACING_MARK || c == 0x20E3)) {
                glyphs.back().end_byte = static_cast<std::uint32_t>(next);
                glyphs.back().end_point = point + 1;
            }
            continue;
        }
        text += folded;
        glyphs.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(next), point,
                          point + 1, c >= 0 && is_capital(static_cast<char32_t>(c))});
    }
    find_words();
}

void Reading::find_words() {
    words.clear();
    for (std::uint32_t i = 0; i < text.size();) {
        if (!is_word(text[i])) {
            ++i;
            continue;
        }
        Word word{i, i, 0, glyphs[i].capital};
        for (; i < text.size() && is_word(text[i]); ++i)
            word.digits += is_digit(text[i]) ? 1 : 0;
        word.end = i;
        words.push_back(word);
    }
}

bool Reading::join_spaced(Reading& out) const {
    constexpr std::size_t kFewest = 4;  // single letters in a row, before they are taken for a spelled word
    std::vector<bool> dropped;
    const auto single = [&](std::size_t w) { return words[w].end - words[w].begin == 1; };
    for (std::size_t first = 0; first + kFewest <= words.size();) {
        std::size_t last = first;
        while (last < words.size() && single(last) &&
               (last == first || words[last].begin - words[last - 1].end <= 4))
            ++last;
        if (last - first < kFewest) {
            first = std::max(last, first + 1);
            continue;
        }
        // What stands between the first two letters parts them all; anything else between letters is part of
        // what is spelled.
        const std::size_t end = words[last - 1].end;
        const char separator = text[words[first].end];
        if (dropped.empty()) dropped.resize(text.size());
        for (std::size_t i = words[first].end; i < end; ++i) {
            if (text[i] != separator) continue;
            std::size_t run = i;
            while (run < end && text[run] == separator)
                ++run;
            // "a b   c d": the wider gap parts words.
            for (std::size_t k = i; k < run; ++k)
                dropped[k] = k > i || run - i == 1;
            i = run - 1;
        }
        first = last;
    }
    if (dropped.empty()) return false;
    Reading joined;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (dropped[i]) continue;
        joined.text += text[i];
        joined.glyphs.push_back(glyphs[i]);
    }
    joined.find_words();
    out = std::move(joined);
    return true;
}

std::size_t Reading::word_from(std::size_t glyph) const {
    return static_cast<std::size_t>(
        std::lower_bound(words.begin(), words.end(), glyph,
                         [](const Word& word, std::size_t at) { return word.begin < at; }) -
        words.begin());
}

Span Reading::span(Kind kind, std::size_t begin, std::size_t end, double certainty) const {
    const Glyph& first = glyphs[begin];
    const Glyph& last = glyphs[end - 1];
    return {kind, first.point, last.end_point, first.byte, last.end_byte, certainty};
}

}  // namespace braid::contact
