// Guidance: what somebody may like next, and why.
#pragma once

#include "access/module.h"
#include "interests/guidance/pages.h"
#include "interests/guidance/service.h"
#include "interests/guidance/site_model.h"

namespace braid::guidance {

class GuidanceModule {
  public:
    // All references must outlive the module.
    GuidanceModule(sql::Database& database, const Clock& clock, IdMaker& ids, const works::Library& library,
                   const accounts::People& people, const topics::Interests& interests,
                   const access::Guard& guard)
        : database_(database),
          models_(database, clock, ids),
          service_(database, clock, library, people, interests, guard, models_),
          pages_(database, service_) {}

    [[nodiscard]] const Guide& guide() const { return service_; }
    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] Models& models() { return models_; }
    // The module must outlive what it describes.
    access::Module describe();

  private:
    sql::Database& database_;
    Models models_;
    Service service_;
    Pages pages_;
};

// A person's acts follow what feedback, reading, topics and works tell.
void add_subscribers(events::Subscribers& subscribers);

}  // namespace braid::guidance
