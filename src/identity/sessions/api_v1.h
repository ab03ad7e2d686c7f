#pragma once

#include "identity/sessions/service.h"
#include "platform/api/api.h"

namespace braid::sessions {

// /api/v1/sessions and /api/v1/tokens. `service` must outlive the router.
void declare_api(api::Api& api, Service& service);

}  // namespace braid::sessions
