#pragma once

#include "identity/roles/service.h"
#include "platform/http/router.h"

namespace braid::roles {

// People and what they are trusted with, for administrators. The service must outlive the router.
void add_pages(http::Router& router, Service& service);

}  // namespace braid::roles
