// Search for programs.
#pragma once

#include "interests/search/service.h"
#include "platform/api/api.h"

namespace braid::search {

void declare_api(api::Api& api, sql::Database& database);

}  // namespace braid::search
