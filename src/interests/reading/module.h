// Reading: the work page, the chapter page, progress, the library.
#pragma once

#include "access/module.h"
#include "identity/accounts/api.h"
#include "interests/feedback/api.h"
#include "interests/reading/pages.h"
#include "interests/reading/service.h"

namespace braid::reading {

class ReadingModule {
  public:
    // All references must outlive the module. `hubs`: nothing: tags lead to their lists.
    ReadingModule(sql::Database& database, const Clock& clock, events::Outbox& outbox,
                  const works::Library& library, const accounts::People& people,
                  const feedback::Answers& answers, const access::Guard& guard, const TagHubs* hubs = nullptr)
        : database_(database),
          service_(database, clock, outbox, library, people, guard),
          pages_(database, service_, answers, people, hubs) {}

    [[nodiscard]] const Progress& progress() const { return service_; }
    // The use cases, for the demo, commands and tests.
    [[nodiscard]] Service& service() { return service_; }

    // The module must outlive what it describes.
    access::Module describe();

  private:
    sql::Database& database_;
    Service service_;
    Pages pages_;
};

}  // namespace braid::reading
