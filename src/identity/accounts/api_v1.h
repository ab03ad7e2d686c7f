#pragma once

#include "identity/accounts/service.h"
#include "platform/api/api.h"

namespace braid::accounts {

// /api/v1/me and /api/v1/people. `database` and `service` must outlive the router.
void declare_api(api::Api& api, sql::Database& database, Service& service);

}  // namespace braid::accounts
