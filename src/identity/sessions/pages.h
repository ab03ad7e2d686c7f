#pragma once

#include "identity/sessions/middleware.h"
#include "identity/sessions/service.h"
#include "platform/http/router.h"

namespace braid::sessions {

// Joining, signing in and out, passwords, one's sessions and tokens. The references must outlive the router.
void add_pages(http::Router& router, sql::Database& database, Service& service, accounts::Accounts& accounts);

}  // namespace braid::sessions
