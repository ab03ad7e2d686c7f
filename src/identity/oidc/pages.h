// Pages of signing in through a provider.
#pragma once

#include "identity/oidc/service.h"
#include "platform/http/router.h"

namespace braid::oidc {

void add_pages(http::Router& router, Service& service, accounts::Accounts& accounts, sessions::Doors& doors);

}  // namespace braid::oidc
