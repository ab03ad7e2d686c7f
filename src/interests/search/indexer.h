// Keeping the index of what can be found: what a work says now becomes its rows.
#pragma once

#include <functional>

#include "base/result.h"
#include "interests/works/api.h"
#include "platform/sql/fulltext.h"
#include "platform/sql/sql.h"

namespace braid::search {

// Thread-safe. Reads, splits and stems in a snapshot, then writes what has changed in one short transaction:
// nobody waits for the words of a book.
class Indexer {
  public:
    Indexer(sql::Database& database, const works::Library& library)
        : database_(database), library_(library) {}

    enum class Extent { changed, everything };
    // Brings the rows of a work in line with what it says now, and removes those that no published text
    // stands behind; words that stand in no text any more are not suggested again. Doing it twice is the
    // same. Not inside a transaction.
    Result<void> index(works::WorkId id, Extent extent = Extent::changed);
    // Indexes up to `limit` works that are missing or old; how many there were.
    int catch_up(int limit);
    // Joins the parts of the index that writing leaves behind, a little in every transaction.
    void join_parts(sql::FulltextParts parts);
    // Makes every work's rows anew, one work a transaction, so that it can be done while the site serves;
    // then removes what belongs to no published work and joins all parts. Tells how far it is.
    void rebuild(const std::function<void(std::int64_t done, std::int64_t total)>& told);

  private:
    sql::Database& database_;
    const works::Library& library_;
};

}  // namespace braid::search
