// Lists of words an operator brings, found in texts so that somebody looks. A hit is a flag for review: it
// removes nothing, and who wrote is not told off.
//
// A list is a text, one word or phrase a line; empty lines and lines that begin with '#' are passed over.
// Whole words match, whatever their case and accents. Languages written without spaces between words are not
// covered.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace braid::words {

struct Hit {
    std::size_t begin = 0, end = 0;            // code points of the text, end excluded
    std::size_t begin_byte = 0, end_byte = 0;  // the same in bytes
};

class WordList {
  public:
    void add(std::string_view list);  // lines; may be called for several lists
    [[nodiscard]] std::size_t size() const { return size_; }
    // In the order of the text, none overlapping; of two that begin at one place the longer.
    [[nodiscard]] std::vector<Hit> find(std::string_view text) const;

  private:
    // First word → what follows it in each phrase that begins so.
    std::map<std::string, std::vector<std::vector<std::string>>, std::less<>> phrases_;
    std::size_t size_ = 0;
};

// Lists by the language of the texts they are for; those of the language "" are for every text: what is plain
// in one language is listed in another.
class Lists {
  public:
    void add(const std::string& language, std::string_view list) { lists_[language].add(list); }
    [[nodiscard]] bool empty() const { return lists_.empty(); }
    // Of a text in that language ("en"), in its order; the same place is found once.
    [[nodiscard]] std::vector<Hit> find(std::string_view language, std::string_view text) const;

  private:
    std::map<std::string, WordList, std::less<>> lists_;
};

[[nodiscard]] std::size_t count_words(std::string_view text);  // as the lists see them

}  // namespace braid::words
