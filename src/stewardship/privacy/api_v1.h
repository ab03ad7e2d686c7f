#pragma once

#include "platform/api/api.h"
#include "stewardship/privacy/service.h"

namespace braid::privacy {

// The references must outlive the router.
void declare_api(api::Api& api, Service& service, sessions::Doors& doors);

}  // namespace braid::privacy
