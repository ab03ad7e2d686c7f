// The tie to a provider, for programs.
#pragma once

#include "identity/oidc/service.h"
#include "platform/api/api.h"

namespace braid::oidc {

void declare_api(api::Api& api, Service& service);

}  // namespace braid::oidc
