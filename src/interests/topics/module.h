// Topics: the vocabulary of interests, who cares about what, and the hub of each topic.
#pragma once

#include "access/module.h"
#include "interests/topics/service.h"
#include "interests/topics/vocabularies.h"

namespace braid::topics {

class TopicsModule {
  public:
    // All references must outlive the module.
    TopicsModule(sql::Database& database, const Clock& clock, IdMaker& ids)
        : database_(database), vocabularies_(database), service_(database, clock, ids, vocabularies_) {}

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] Vocabularies& vocabularies() { return vocabularies_; }
    // The module must outlive what it describes.
    access::Module describe();

  private:
    sql::Database& database_;
    Vocabularies vocabularies_;
    Service service_;
};

// Works' topics follow what works tell. `service` must outlive the subscribers.
void add_subscribers(events::Subscribers& subscribers, Service& service);

}  // namespace braid::topics
