// How much a document is about a word: what is kept of that when it is indexed, and the order of what is
// found.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interests/search/terms.h"
#include "platform/sql/fulltext.h"

namespace braid::search {

// tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / 1000)): the term weight of BM25 with k1 = 1.2 and b = 0.75,
// without a document frequency, since every word must be there. At most 2.2.
double weight(double frequency, std::int64_t length);
// A word in the title counts as often as so many in the body.
inline constexpr int kTitleWeight = 5;

// The two ways of being prominent: words that a document is about, and words that it is plainly about.
// Whoever looks for a common word is shown the documents in which it is prominent, whatever came out since.
inline constexpr double kProminent = 1.25, kPlain = 1.7;

// What is indexed of a text.
struct Weighed {
    std::string title_terms, body_terms;  // one space between
    std::string weights;                  // "light:12 ghost:3", as many as kMostCounted: how often a term
                                          // stands there, kTitleWeight times as often in the title
    std::string marks;                    // of its prominent words, at most kMostProminent of them
    std::int64_t length = 0;              // terms in the body
};
inline constexpr std::size_t kMostProminent = 100, kMostCounted = 120;
// `labels`: further words it is about (tags), which are found as if they ended the body.
Weighed weigh(std::span<const Token> title, std::span<const Token> body, std::span<const Token> labels,
              std::string_view language);

// The sum over the groups of weight(tf), where tf is what `weights` (of a Weighed) has for the rarest word of
// the group; 1 when it has nothing.
double score(std::string_view weights, std::int64_t length, std::span<const sql::FulltextGroup> groups);

// The same groups, of which each must be prominent.
enum class Prominence { some, plain };
std::vector<sql::FulltextGroup> prominent(std::span<const sql::FulltextGroup> groups, Prominence prominence);
// One of the groups is plainly what it is about.
sql::FulltextGroup one_plain(std::span<const sql::FulltextGroup> groups);

// Marks by which documents are filtered: letters and digits alone, and none is a term of a text.
std::string kind_mark(std::string_view kind);
std::string language_mark(std::string_view language);
std::string status_mark(std::string_view status);
std::string rating_mark(int rating);
std::string tag_mark(std::string_view key);
std::string author_mark(std::int64_t person);

}  // namespace braid::search
