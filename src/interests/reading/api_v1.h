// Reading for programs: the reader's place and what she is reading, under /api/v1.
#pragma once

#include "interests/reading/service.h"
#include "platform/api/api.h"

namespace braid::reading {

// All references must outlive `api`.
void declare_api(api::Api& api, sql::Database& database, Service& service);

}  // namespace braid::reading
