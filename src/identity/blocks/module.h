// Blocking and muting as a part of the program.
#pragma once

#include "access/module.h"
#include "identity/blocks/service.h"

namespace braid::blocks {

// Lives as long as the server: its routes point into it.
class BlocksModule {
  public:
    BlocksModule(sql::Database& database, const Clock& clock) : service_(database, clock) {}

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] access::Module describe();

  private:
    Service service_;
};

}  // namespace braid::blocks
