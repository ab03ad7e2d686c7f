// The words around the place that was looked for. A text is kept in pieces with a sketch of which terms stand
// in which, so that of a long chapter only the pieces around its best place are read.
#pragma once

#include <cstdint>
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

inline constexpr std::size_t kPieceWords = 64;
// A passage is looked for in so many pieces that follow each other.
inline constexpr std::size_t kPiecesRead = 3;

// The text in pieces of kPieceWords words, in order; together they are the text.
std::vector<std::string_view> pieces_of(std::string_view body);
// For every piece how many terms it has and their hashes, 32 bits each, low byte first. `terms`: of
// tokens_of(body), one space between. "" when the text has at most kPiecesRead pieces.
sql::Bytes sketch_of(std::string_view terms);
// The piece with which to begin: the first in which most of the groups stand, or in it and the next one; the
// one before it when there is one. 0 without a sketch.
std::size_t best_piece(std::span<const std::byte> sketch, std::span<const sql::FulltextGroup> groups);

// A part of a text in a language.
struct Part {
    std::string_view text, language;
    bool begins = true, ends = true;  // the text does with it
};
// The stretch of about forty words in which most of the groups stand, the first such, with the words that
// were looked for marked. Without a hit the beginning.
std::vector<Piece> passage_of(const Part& part, std::span<const sql::FulltextGroup> groups);

}  // namespace braid::search
