#pragma once

#include "identity/accounts/service.h"
#include "platform/http/router.h"

namespace braid::accounts {

// The settings pages. `database` and `service` must outlive the router.
void add_pages(http::Router& router, sql::Database& database, Service& service);

}  // namespace braid::accounts
