#pragma once

#include "access/module.h"
#include "stewardship/privacy/service.h"

namespace braid::privacy {

class PrivacyModule {
  public:
    PrivacyModule(sql::Database& database, const Clock& clock, IdMaker& ids, jobs::Queue& queue,
                  blobs::Store& blobs, accounts::Accounts& accounts,
                  const guardians::Guardianships& guardianships, sessions::Doors& doors, Settings settings)
        : doors_(doors),
          service_(database, clock, ids, queue, blobs, accounts, guardianships, doors, std::move(settings)) {}

    // Service::know() once all modules are described, this one among them.
    access::Module describe();
    [[nodiscard]] Service& service() { return service_; }

  private:
    sessions::Doors& doors_;
    Service service_;
};

}  // namespace braid::privacy
