// Setting a site up, put together.
#pragma once

#include "access/module.h"
#include "identity/setup/views.h"

namespace braid::setup {

// Lives as long as the server: its routes point into it.
class SetupModule {
  public:
    SetupModule(sql::Database& database, const Clock& clock, Random& random, accounts::Accounts& accounts,
                About about)
        : service_(database, clock, random, accounts), about_(std::move(about)) {}

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] access::Module describe();

  private:
    void add_pages(http::Router& router);

    Service service_;
    About about_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::setup
