// Full text on both engines: FTS5 and tsvector, over terms that who calls has made (folded, stemmed), so that
// both find the same.
//
// A table `documents` with the columns id, title_terms, body_terms and marks (terms that say something about
// the document and stand in no text) has an index `documents_idx` on SQLite
// (FTS5 over that table's content) and a GIN index over BRAID_FULLTEXT_VECTOR's expression on PostgreSQL; its
// module's migration makes them. On SQLite rows are entered after they were inserted and withdrawn before
// they are deleted; triggers may not: the schema is not trusted with virtual tables. A query names the two
// places where the engines differ:
//
//   "SELECT d.id FROM " BRAID_FULLTEXT_FROM("documents") " WHERE " BRAID_FULLTEXT_MATCHES("documents", "$1")
#pragma once

#include <span>
#include <string>
#include <vector>

#include "platform/sql/sql.h"

// The table as `d`, joined to its index.
#define BRAID_FULLTEXT_FROM(table) \
    table " d /* sqlite only: JOIN " table "_idx ON " table "_idx.rowid = d.id */"
// The document's id, to order by: on SQLite the index hands out its rows in this order, and a limit ends the
// work early.
#define BRAID_FULLTEXT_ID(table) "/* sqlite only: " table "_idx.rowid */ /* postgres only */ d.id /* end */"
// The term between keeps a phrase from beginning in the title and ending in the body.
#define BRAID_FULLTEXT_VECTOR                                                       \
    "to_tsvector('simple', d.title_terms || ' zzendoftitlezz ' || d.body_terms || " \
    "' zzendofbodyzz ' || d.marks)"
// `parameter` is what fulltext_expression made.
#define BRAID_FULLTEXT_MATCHES(table, parameter)                                                      \
    "/* sqlite only: " table "_idx MATCH " parameter " */ /* postgres only */ " BRAID_FULLTEXT_VECTOR \
    " @@ to_tsquery('simple', CAST(" parameter " AS TEXT)) /* end */"

// Statements that enter the documents `which` (a condition on `d`) into the index, and that withdraw them.
// PostgreSQL keeps its index itself.
#define BRAID_FULLTEXT_ENTER(table, which)                               \
    "/* sqlite only: INSERT INTO " table                                 \
    "_idx (rowid, title_terms, body_terms, marks) SELECT d.id, "         \
    "d.title_terms, d.body_terms, d.marks FROM " table " d WHERE " which \
    " */ /* postgres only */ SELECT d.id FROM " table " d WHERE " which " LIMIT 0 /* end */"
#define BRAID_FULLTEXT_WITHDRAW(table, which)                                            \
    "/* sqlite only: INSERT INTO " table "_idx (" table                                  \
    "_idx, rowid, title_terms, body_terms, marks) SELECT "                               \
    "'delete', d.id, d.title_terms, d.body_terms, d.marks FROM " table " d WHERE " which \
    " */ /* postgres only */ SELECT d.id FROM " table " d WHERE " which " LIMIT 0 /* end */"

namespace braid::sql {

// One of the readings of a word or a phrase: terms that stand one after the other.
using FulltextPhrase = std::vector<std::string>;
struct FulltextGroup {
    std::vector<FulltextPhrase> any_of;  // not empty, and no phrase in it is
    bool prefix = false;                 // the last term of each phrase may go on
};

// What the engine is asked: a document matches when each group does. Terms are letters and digits alone; a
// term with anything else in it is Failure{statement}. `groups` is not empty.
std::string fulltext_expression(Engine engine, std::span<const FulltextGroup> groups);

}  // namespace braid::sql
