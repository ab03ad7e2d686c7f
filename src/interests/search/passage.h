// The words around the place that was looked for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/sql/fulltext.h"

namespace braid::search {

struct Piece {
    std::string text;
    bool hit = false;
};

// The stretch of about forty words in which most of the groups stand, the first such, with the words that
// were looked for marked. `terms` are those of tokens_of(body), one for each, one space between; what goes
// beyond the body is not looked at. Without a hit the beginning.
std::vector<Piece> passage_of(std::string_view body, std::string_view terms,
                              std::span<const sql::FulltextGroup> groups);

}  // namespace braid::search
