// Second factors, put together.
#pragma once

#include "access/module.h"
#include "identity/factors/passkeys.h"

namespace braid::factors {

// Lives as long as the server: its routes and jobs point into it.
class FactorsModule {
  public:
    FactorsModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                  events::Outbox& outbox, accounts::Accounts& accounts, sessions::Doors& doors,
                  const Settings& settings);

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] Passkeys& passkeys() { return passkeys_; }
    [[nodiscard]] access::Module describe();

  private:
    sessions::Doors& doors_;
    Service service_;
    Passkeys passkeys_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::factors
