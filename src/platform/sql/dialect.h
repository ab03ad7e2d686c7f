// One SQL text, two engines: what SQLite must be told differently.
#pragma once

#include <string>
#include <string_view>

namespace braid::sql {

// Outside of strings, quoted names and comments:
//   $7                   → ?7           ($7 would be a parameter *named* 7, numbered by its place)
//   BYTEA                → BLOB         (else the column would convert what looks like a number)
//   BIGINT PRIMARY KEY   → INTEGER PRIMARY KEY   (the rowid itself, not an index beside it)
//   /* clustered */      → WITHOUT ROWID
//   /* sqlite only: … */ → what is in it; PostgreSQL sees a comment
//   /* postgres only */ … /* end */   → nothing
[[nodiscard]] std::string for_sqlite(std::string_view text);

}  // namespace braid::sql
