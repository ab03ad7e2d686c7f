// Words as they are compared: folded, stemmed in the text's language (Snowball: English, Spanish), without
// accents.
#pragma once

#include <optional>
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
// Where the tokens of a text stand, one after the other: the same ones as tokens_of finds, without their
// words, so that a long text costs little.
class TokenWalk {
  public:
    explicit TokenWalk(std::string_view text) : text_(text) {}
    struct Place {
        std::size_t from = 0, end = 0;
    };
    // Nothing at the end.
    std::optional<Place> next();

  private:
    std::string_view text_;
    std::size_t at_ = 0;
};
// A word as a Token has it.
std::string folded(std::string_view word);
// The form that is indexed, of a folded word. Languages without a stemmer of ours: the word without accents.
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
