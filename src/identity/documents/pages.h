#pragma once

#include <functional>

#include "identity/accounts/api.h"
#include "identity/documents/service.h"
#include "platform/http/router.h"

namespace braid::documents {

// The references must outlive the router.
void add_pages(http::Router& router, Service& service, sql::Database& database,
               const accounts::People& people);

// After signing in, leads whom something important was published for to the page that asks. Costs a query
// when somebody comes in, and nothing otherwise.
http::Middleware ask_after_sign_in(const Service& service);

}  // namespace braid::documents
