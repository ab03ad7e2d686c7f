// Finding works and chapters by their words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "interests/search/store.h"
#include "interests/works/api.h"
#include "platform/sql/fulltext.h"
#include "platform/sql/sql.h"

namespace braid::search {

// The kinds of things that are found, in the order of their tabs. A new kind is a row here and one in the
// index, with its part of the rule who may find it (store.cpp).
inline constexpr std::string_view kKinds[] = {"work", "chapter"};

struct Query {
    std::string text;        // as typed: words, "a phrase", begin*
    std::string kind;        // "" for all
    std::string language;    // "" for all
    std::int64_t after = 0;  // the last one of the page before, 0 for the first page
    bool exact = false;      // do not look for what a word may have meant
};

struct Piece {
    std::string text;
    bool hit = false;
};
struct Found {
    std::string kind, url, title, work_title, language;
    int number = 0;              // of a chapter
    std::vector<Piece> passage;  // the words around the first hit
};
struct Results {
    std::vector<Found> found;
    std::vector<int> of_kind;  // in the order of kKinds; together store::kCandidates at most
    bool more_than_counted = false;
    std::string shown_for;  // what was looked for instead, "" when it was what was typed
    std::int64_t next = 0;  // for the page after, 0 when there is none
    bool asked = false;     // there was a word to look for
};

inline constexpr int kPerPage = 20;
inline constexpr std::size_t kMostGroups = 12;  // words and phrases; further ones are not looked at

// Only what lists would show the actor, counts too. Never fails: text that says nothing finds nothing.
// Order: the sum over the words of tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / 1000)) (the term weight of
// BM25 with k1 = 1.2 and b = 0.75, without a document frequency, since every word must be there), where tf
// counts the body's first terms once and the title's five times; then the newest. Of very common words the
// store::kCandidates newest documents are ranked.
Results search(sql::Session& session, const access::Actor& actor, const Query& query);

}  // namespace braid::search
