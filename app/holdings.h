// What is held of a person, counted by what the modules declare of their tables.
#pragma once

#include <functional>
#include <vector>

#include "access/module.h"
#include "identity/guardians/api.h"

namespace braid::app {

// A function that counts, for one person, the rows of every declared table that has a column naming whom the
// row is about. One query a table; tables that hold nothing of her are left out.
std::function<std::vector<guardians::Holding>(sql::Session&, access::PersonId)> holdings_by(
    const std::vector<access::Module>& modules);

}  // namespace braid::app
