// Whom the pages and the endpoints speak of.
#pragma once

#include <string_view>
#include <vector>

#include "identity/blocks/directory.h"
#include "identity/blocks/policy.h"
#include "identity/blocks/service.h"
#include "identity/blocks/views.h"

namespace braid::blocks {

// "mute" or "block".
std::optional<Kind> parse_kind(std::string_view word);

// Whom the actor may block, mute or let go of: somebody she can find, or somebody she has set something for.
// Who has blocked her is not found, as nobody is.
Result<Face> find(sql::Database& database, const Service& service, const Directory& directory,
                  const Actor& actor, std::string_view handle);

// Her list with names, the newest first.
Result<std::vector<Line>> lines_of(sql::Database& database, const Service& service,
                                   const Directory& directory, const Actor& actor);

}  // namespace braid::blocks
