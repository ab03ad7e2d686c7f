// The vocabulary this node works with now.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "interests/topics/formats.h"
#include "interests/topics/vocabulary.h"
#include "platform/sql/sql.h"

namespace braid::topics {

// Thread-safe. What current() gave stays whole while it is held, whatever changes meanwhile.
class Vocabularies {
  public:
    explicit Vocabularies(sql::Database& database) : database_(database) {}

    // Shared: requests hold it while a refresh puts a newer one in its place. Read from the tables the first
    // time.
    std::shared_ptr<const Vocabulary> current();
    // Reads the tables anew when they have changed; whether they had. Not inside write().
    bool refresh();

  private:
    sql::Database& database_;
    std::atomic<std::shared_ptr<const Vocabulary>> current_;
    std::mutex reading_;  // one thread reads the tables at a time
};

Vocabulary read_vocabulary(sql::Session& session);
// Everything, or one topic alone, for writing it out.
Exported exported(sql::Session& session, std::string site);
Exported exported(sql::Session& session, std::string site, const Vocabulary& vocabulary, TopicId topic);

}  // namespace braid::topics
