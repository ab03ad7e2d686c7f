// Guardians and consent, put together.
#pragma once

#include "access/module.h"
#include "identity/guardians/service.h"

namespace braid::guardians {

class GuardiansModule {
  public:
    // All references must outlive the module.
    GuardiansModule(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
                    jobs::Queue& jobs, blobs::Store& blobs, accounts::Accounts& accounts, Settings settings);

    // The use cases, for the demo, other pages and tests; `watch` and `wire` before the server starts.
    [[nodiscard]] Service& service() { return service_; }

    // The module must outlive what it describes.
    access::Module describe();

  private:
    blobs::Store& blobs_;
    accounts::Accounts& accounts_;
    Service service_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::guardians
