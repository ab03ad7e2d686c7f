// Blocking and muting as a part of the program.
#pragma once

#include <utility>

#include "access/module.h"
#include "identity/blocks/directory.h"
#include "identity/blocks/service.h"

namespace braid::blocks {

// Lives as long as the server: its routes point into it.
class BlocksModule {
  public:
    BlocksModule(sql::Database& database, const Clock& clock, Directory directory, EndStreams end_streams)
        : database_(database),
          directory_(std::move(directory)),
          service_(database, clock, std::move(end_streams)) {}

    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] access::Module describe();

  private:
    sql::Database& database_;
    const Directory directory_;
    Service service_;
};

}  // namespace braid::blocks
