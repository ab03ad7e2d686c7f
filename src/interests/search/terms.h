// Words as they are compared: folded, stemmed in the text's language (Snowball: English, Spanish), without
// accents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace braid::search {

struct Token {
    std::string word;               // folded, accents kept
    std::size_t from = 0, end = 0;  // bytes in the text that was split
};

// Runs of letters and digits; words beyond 40 bytes are left out, and so is what has no letters (emoji). The
// places are those in `text` itself, which is valid UTF-8.
std::vector<Token> tokens_of(std::string_view text);
// The form that is indexed. Languages without a stemmer of ours: the word without accents.
std::string term_of(std::string_view word, std::string_view language);
// Latin letters without their accents.
std::string without_accents(std::string_view word);
// Its first letter, all bytes of it.
std::string_view initial_of(std::string_view word);
// Optimal string alignment: insertions, deletions, replacements and swapped neighbours; more than `most` is
// most + 1. In bytes, of words without accents.
int distance(std::string_view a, std::string_view b, int most);
// The words of sanitised HTML, a line for each block.
std::string plain_of(std::string_view html);

}  // namespace braid::search
