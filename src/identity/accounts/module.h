// Accounts, put together.
#pragma once

#include "access/module.h"
#include "identity/accounts/service.h"

namespace braid::accounts {

// Lives as long as the server: its routes and jobs point into it.
class AccountsModule {
  public:
    AccountsModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                   events::Outbox& outbox, jobs::Queue& jobs, Settings settings);

    [[nodiscard]] Accounts& accounts() { return service_; }
    [[nodiscard]] const People& people() const { return service_; }
    [[nodiscard]] const Settings& settings() const { return service_.settings(); }
    [[nodiscard]] access::Module describe();

  private:
    sql::Database& database_;
    Service service_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::accounts
