// Circles, put together.
#pragma once

#include "access/module.h"
#include "identity/circles/service.h"

namespace braid::circles {

// Lives as long as the server.
class CirclesModule {
  public:
    CirclesModule(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
                  const accounts::Accounts& accounts, const guardians::Guardianships& guardianships)
        : service_(database, clock, ids, outbox, accounts, guardianships) {}

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] Circles& circles() { return service_; }
    [[nodiscard]] access::Module describe();

  private:
    Service service_;
};

// For the guardian's page: with whom a child is or was in a circle, and in how many.
std::vector<guardians::Contact> contacts_of(sql::Session& session, access::PersonId person);

std::span<const sql::Migration> migrations();

}  // namespace braid::circles
