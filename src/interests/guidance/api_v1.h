// Guidance for programs.
#pragma once

#include "interests/guidance/service.h"
#include "platform/api/api.h"

namespace braid::guidance {

// The references must outlive the API.
void declare_api(api::Api& api, sql::Database& database, Service& service);

}  // namespace braid::guidance
