// Search: finding works and chapters by their words.
#pragma once

#include "access/module.h"
#include "interests/search/indexer.h"
#include "interests/search/pages.h"
#include "platform/jobs/jobs.h"

namespace braid::search {

class SearchModule {
  public:
    // All references must outlive the module.
    SearchModule(sql::Database& database, jobs::Queue& queue, const works::Library& library)
        : database_(database), queue_(queue), indexer_(database, library), pages_(database) {}

    [[nodiscard]] Indexer& indexer() { return indexer_; }
    // The module must outlive what it describes.
    access::Module describe();

  private:
    sql::Database& database_;
    jobs::Queue& queue_;
    Indexer indexer_;
    Pages pages_;
};

// The index follows what works tell: each event makes a job for its work, since splitting a book into words
// is nothing to do inside a transaction. The references must outlive subscribers and runner.
void follow_works(events::Subscribers& subscribers, jobs::Runner& runner, jobs::Queue& queue,
                  Indexer& indexer);

}  // namespace braid::search
