// Search: finding works and chapters by their words.
#pragma once

#include "access/module.h"
#include "interests/search/indexer.h"
#include "interests/search/pages.h"
#include "interests/search/people.h"
#include "platform/jobs/jobs.h"

namespace braid::search {

class SearchModule {
  public:
    // All references must outlive the module.
    // `sources`: other kinds of things, in the order of their tabs; people come last.
    SearchModule(sql::Database& database, const Clock& clock, jobs::Queue& queue,
                 const works::Library& library, const accounts::People& people,
                 std::vector<const Source*> sources)
        : database_(database),
          queue_(queue),
          indexer_(database, library),
          spelling_(database),
          finder_(clock, people, spelling_, with_people(std::move(sources))),
          pages_(database, finder_) {}

    [[nodiscard]] Indexer& indexer() { return indexer_; }
    [[nodiscard]] const Finder& finder() const { return finder_; }
    [[nodiscard]] Spelling& spelling() { return spelling_; }
    // The module must outlive what it describes.
    access::Module describe();

  private:
    [[nodiscard]] std::vector<const Source*> with_people(std::vector<const Source*> sources) const {
        sources.push_back(&people_source_);
        return sources;
    }

    sql::Database& database_;
    jobs::Queue& queue_;
    PeopleSource people_source_;
    Indexer indexer_;
    Spelling spelling_;
    Finder finder_;
    Pages pages_;
};

// The index follows what works tell: each event makes a job for its work, since splitting a book into words
// is nothing to do inside a transaction. The references must outlive subscribers and runner.
void follow_works(events::Subscribers& subscribers, jobs::Runner& runner, jobs::Queue& queue,
                  Indexer& indexer);
// The index of names follows what accounts tell.
void follow_people(events::Subscribers& subscribers);

}  // namespace braid::search
