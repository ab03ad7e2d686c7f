// Topics: the vocabulary of interests, who cares about what, and the hub of each topic.
#pragma once

#include "access/module.h"
#include "interests/topics/findable.h"
#include "interests/topics/pages.h"
#include "interests/topics/service.h"
#include "interests/topics/vocabularies.h"
#include "interests/topics/wrangling.h"

namespace braid::topics {

class TopicsModule {
  public:
    // All references must outlive the module.
    TopicsModule(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
                 const works::Library& library, const accounts::People& people, std::string public_url)
        : database_(database),
          library_(library),
          vocabularies_(database),
          findable_(vocabularies_),
          service_(database, clock, ids, outbox, vocabularies_),
          wrangling_(database, clock, ids, vocabularies_, service_),
          pages_(database, vocabularies_, service_, wrangling_, library, people, std::move(public_url)) {}

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] Vocabularies& vocabularies() { return vocabularies_; }
    // Topics as a kind of things that search finds.
    [[nodiscard]] const search::Source& findable() const { return findable_; }
    // The module must outlive what it describes.
    access::Module describe();

  private:
    sql::Database& database_;
    const works::Library& library_;
    Vocabularies vocabularies_;
    Findable findable_;
    Service service_;
    Wrangling wrangling_;
    Pages pages_;
};

// Works' topics follow what works tell. `service` must outlive the subscribers.
void add_subscribers(events::Subscribers& subscribers, Service& service);

}  // namespace braid::topics
