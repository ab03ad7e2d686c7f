#pragma once

#include "identity/guardians/service.h"
#include "platform/http/router.h"

namespace braid::guardians {

// /guardian, /settings/guardians, /consent-desk.
void add_guardian_pages(http::Router& router, Service& service, blobs::Store& blobs);

}  // namespace braid::guardians
