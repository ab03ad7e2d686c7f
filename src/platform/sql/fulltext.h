// Full text on both engines: FTS5 and tsvector, over terms that who calls has made (folded, stemmed), so that
// both find the same.
//
// A table `texts` with the columns id, title_terms, body_terms and marks (terms that say something about the
// document and stand in no text) has an index `texts_idx` on SQLite (FTS5 over that table's content) and a
// GIN index over BRAID_FULLTEXT_VECTOR's expression on PostgreSQL; its module's migration makes them. On
// SQLite rows are entered after they were inserted and withdrawn before they are deleted; triggers may not:
// the schema is not trusted with virtual tables. A query names the places where the engines differ:
//
//   "SELECT d.title FROM " BRAID_FULLTEXT_FROM("texts") " JOIN documents d ON d.id = "
//   BRAID_FULLTEXT_ID("texts") " WHERE " BRAID_FULLTEXT_MATCHES("texts", "$1")
#pragma once

#include <span>
#include <string>
#include <vector>

#include "platform/sql/sql.h"

// The index; on PostgreSQL the table itself, as `t`. The texts are read on neither.
#define BRAID_FULLTEXT_FROM(table) \
    "/* sqlite only: " table "_idx */ /* postgres only */ " table " t /* end */"
// The document's id, to join and to order by: on SQLite the index hands out its rows in this order, and a
// limit ends the work early.
#define BRAID_FULLTEXT_ID(table) "/* sqlite only: " table "_idx.rowid */ /* postgres only */ t.id /* end */"
// The term between keeps a phrase from beginning in the title and ending in the body.
#define BRAID_FULLTEXT_VECTOR                                                       \
    "to_tsvector('simple', t.title_terms || ' zzendoftitlezz ' || t.body_terms || " \
    "' zzendofbodyzz ' || t.marks)"
// `parameter` is what fulltext_expression made.
#define BRAID_FULLTEXT_MATCHES(table, parameter)                                                      \
    "/* sqlite only: " table "_idx MATCH " parameter " */ /* postgres only */ " BRAID_FULLTEXT_VECTOR \
    " @@ to_tsquery('simple', CAST(" parameter " AS TEXT)) /* end */"

// Statements that enter the documents `which` (a condition on `t`) into the index, and that withdraw them.
// PostgreSQL keeps its index itself.
#define BRAID_FULLTEXT_ENTER(table, which)                               \
    "/* sqlite only: INSERT INTO " table                                 \
    "_idx (rowid, title_terms, body_terms, marks) SELECT t.id, "         \
    "t.title_terms, t.body_terms, t.marks FROM " table " t WHERE " which \
    " */ /* postgres only */ SELECT t.id FROM " table " t WHERE " which " LIMIT 0 /* end */"
#define BRAID_FULLTEXT_WITHDRAW(table, which)                                            \
    "/* sqlite only: INSERT INTO " table "_idx (" table                                  \
    "_idx, rowid, title_terms, body_terms, marks) SELECT "                               \
    "'delete', t.id, t.title_terms, t.body_terms, t.marks FROM " table " t WHERE " which \
    " */ /* postgres only */ SELECT t.id FROM " table " t WHERE " which " LIMIT 0 /* end */"
// For fulltext_join. Its parameter: pages.
#define BRAID_FULLTEXT_JOIN(table)                                                  \
    "/* sqlite only: INSERT INTO " table "_idx (" table                             \
    "_idx, rank) VALUES ('merge', $1) */ /* postgres only */ SELECT id FROM " table \
    " WHERE CAST($1 AS BIGINT) = 0 LIMIT 0 /* end */"

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

// SQLite keeps what was entered together in a part of its own, and a question looks into every part. Writes
// about so many pages in which parts are joined (`join`: BRAID_FULLTEXT_JOIN); whether there is more to do.
// FulltextParts::alike joins parts of about the same size, which leaves few of them and costs little; all
// makes the whole index one part: say it once, then alike until nothing is left. PostgreSQL needs none of it.
enum class FulltextParts { alike, all };
bool fulltext_join(Tx& tx, const Query& join, int pages, FulltextParts parts);

}  // namespace braid::sql
