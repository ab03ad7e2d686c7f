// Rosters, put together.
#pragma once

#include "access/module.h"
#include "identity/roster/importer.h"

namespace braid::roster {

class RosterModule {
  public:
    RosterModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                 accounts::Accounts& accounts, guardians::Pupils& pupils)
        : importer_(database, clock, ids, random, accounts, pupils) {}

    [[nodiscard]] Importer& importer() { return importer_; }
    [[nodiscard]] access::Module describe();

  private:
    Importer importer_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::roster
