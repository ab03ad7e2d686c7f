// Search: finding works and chapters by their words.
#pragma once

#include "access/module.h"
#include "interests/search/pages.h"
#include "interests/search/service.h"

namespace braid::search {

class SearchModule {
  public:
    // All references must outlive the module.
    SearchModule(sql::Database& database, const works::Library& library)
        : database_(database), service_(database, library), pages_(database, service_) {}

    [[nodiscard]] Service& service() { return service_; }
    // The module must outlive what it describes.
    access::Module describe();

  private:
    sql::Database& database_;
    Service service_;
    Pages pages_;
};

// The index follows what works tell. `service` must outlive the subscribers.
void add_subscribers(events::Subscribers& subscribers, const Service& service);

}  // namespace braid::search
