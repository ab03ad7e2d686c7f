// The site's documents, put together.
#pragma once

#include "access/module.h"
#include "identity/accounts/api.h"
#include "identity/documents/service.h"

namespace braid::documents {

// Lives as long as the server: its routes point into it.
class DocumentsModule {
  public:
    DocumentsModule(sql::Database& database, const Clock& clock, const accounts::People& people)
        : database_(database), people_(people), service_(database, clock) {}

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] access::Module describe();

  private:
    sql::Database& database_;
    const accounts::People& people_;
    Service service_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::documents
