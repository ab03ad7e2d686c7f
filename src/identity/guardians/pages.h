#pragma once

#include "identity/guardians/service.h"
#include "platform/http/router.h"

namespace braid::guardians {

// /waiting, /consent, /guardian, /settings/guardians, /consent-desk. References must outlive the router.
void add_pages(http::Router& router, Service& service, accounts::Accounts& accounts, blobs::Store& blobs);

}  // namespace braid::guardians
