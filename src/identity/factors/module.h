// Second factors, put together.
#pragma once

#include "access/module.h"
#include "identity/factors/service.h"

namespace braid::factors {

// Lives as long as the server: its routes and jobs point into it.
class FactorsModule {
  public:
    FactorsModule(sql::Database& database, const Clock& clock, Random& random, events::Outbox& outbox,
                  accounts::Accounts& accounts, sessions::Doors& doors, sessions::StaffFactor staff_factor,
                  std::string_view site_secret);

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] access::Module describe();

  private:
    sessions::Doors& doors_;
    Service service_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::factors
