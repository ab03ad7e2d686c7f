#pragma once

#include "identity/factors/passkeys.h"
#include "platform/http/router.h"

namespace braid::factors {

// The second step of signing in, and its settings. The references must outlive the router.
void add_pages(http::Router& router, Service& service, Passkeys& passkeys, sessions::Doors& doors);

}  // namespace braid::factors
