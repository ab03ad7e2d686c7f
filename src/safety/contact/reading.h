// A text as the finders read it: one plain character for each visible one, with the way back to the original.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "safety/contact/api.h"

namespace braid::contact {

// Stand-ins in Reading::text for what has no ASCII likeness.
inline constexpr char kLetter = '\x01';  // a letter
inline constexpr char kOther = '\x02';   // emoji, symbols, bytes that are no UTF-8

struct Glyph {
    std::uint32_t byte, end_byte;    // in the original
    std::uint32_t point, end_point;  // in the original, code points
    bool capital;
};

// A run of letters and digits.
struct Word {
    std::uint32_t begin, end;  // glyphs
    std::uint32_t digits;      // how many of them are
    bool capital;              // the first is a capital letter
};

class Reading {
  public:
    explicit Reading(std::string_view original);

    // Letters spaced out are put together ("a b i @ x . c o m"); false, and `out` untouched, when there are
    // none.
    [[nodiscard]] bool join_spaced(Reading& out) const;

    std::string text;  // lower case, without accents, one char per glyph
    std::vector<Glyph> glyphs;
    std::vector<Word> words;

    [[nodiscard]] std::size_t size() const { return text.size(); }
    [[nodiscard]] char at(std::size_t glyph) const { return glyph < text.size() ? text[glyph] : '\0'; }
    [[nodiscard]] std::string_view view(std::size_t begin, std::size_t end) const {
        return std::string_view(text).substr(begin, end - begin);
    }
    [[nodiscard]] std::string_view word(std::size_t index) const {
        return view(words[index].begin, words[index].end);
    }
    [[nodiscard]] bool is_number(std::size_t index) const {
        return words[index].digits == words[index].end - words[index].begin;
    }
    // Between word `index` and the next; after the last word, the rest.
    [[nodiscard]] std::string_view gap_after(std::size_t index) const {
        return view(words[index].end, index + 1 < words.size() ? words[index + 1].begin : text.size());
    }
    // The word that begins at or after the glyph; words.size() when none does.
    [[nodiscard]] std::size_t word_from(std::size_t glyph) const;
    [[nodiscard]] Span span(Kind kind, std::size_t begin, std::size_t end, double certainty) const;

  private:
    Reading() = default;
    void find_words();
};

inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
inline bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || c == kLetter;
}
inline bool is_word(char c) {
    return is_digit(c) || is_letter(c);
}
inline bool is_space(char c) {
    return c == ' ' || c == '\n';
}

// Whether a sorted list of words holds this one.
template <class List>
bool is_one_of(const List& sorted, std::string_view word) {
    std::size_t low = 0, high = std::size(sorted);
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (std::string_view(sorted[middle]) < word) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < std::size(sorted) && sorted[low] == word;
}

}  // namespace braid::contact
