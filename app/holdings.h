// What is held of a person, for her guardian: the same counts as on her own page.
#pragma once

#include <functional>
#include <vector>

#include "identity/guardians/api.h"

namespace braid::privacy {
class Engine;
}

namespace braid::app {

// A function that counts, for one person, what she would be handed out; tables that hold nothing of her are
// left out. The engine outlives it.
std::function<std::vector<guardians::Holding>(sql::Session&, access::PersonId)> holdings_by(
    const privacy::Engine& engine);

}  // namespace braid::app
