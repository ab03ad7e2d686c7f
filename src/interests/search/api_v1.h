// Search for programs.
#pragma once

#include "interests/search/service.h"
#include "platform/api/api.h"

namespace braid::search {

// The references must outlive the API.
void declare_api(api::Api& api, sql::Database& database, const Finder& finder);

}  // namespace braid::search
