#pragma once

#include "identity/roles/service.h"
#include "platform/api/api.h"

namespace braid::roles {

void declare_api(api::Api& api, Service& service);

}  // namespace braid::roles
