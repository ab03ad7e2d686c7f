// Roles, put together.
#pragma once

#include "access/module.h"
#include "identity/roles/service.h"

namespace braid::roles {

// Lives as long as the server: its routes point into it.
class RolesModule {
  public:
    RolesModule(sql::Database& database, const Clock& clock, accounts::Accounts& accounts,
                sessions::StaffFactor staff_factor)
        : service_(database, clock, accounts, staff_factor) {}

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] access::Module describe();

  private:
    Service service_;
};

}  // namespace braid::roles
