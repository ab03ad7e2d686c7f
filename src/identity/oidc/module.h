// Signing in through a school's provider (OpenID Connect), put together.
#pragma once

#include <memory>

#include "access/module.h"
#include "identity/oidc/service.h"

namespace braid::oidc {

// Lives as long as the server: its routes point into it.
class OidcModule {
  public:
    OidcModule(sql::Database& database, const Clock& clock, Random& random, accounts::Accounts& accounts,
               sessions::Doors& doors, Settings settings, std::unique_ptr<fetch::Client> client);

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] access::Module describe();

  private:
    accounts::Accounts& accounts_;
    sessions::Doors& doors_;
    Provider provider_;
    Service service_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::oidc
