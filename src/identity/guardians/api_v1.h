#pragma once

#include "identity/guardians/service.h"
#include "platform/api/api.h"

namespace braid::guardians {

// /api/v1/guardian/children and /api/v1/guardians. `service` must outlive the router.
void declare_api(api::Api& api, Service& service);

}  // namespace braid::guardians
