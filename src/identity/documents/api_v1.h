// The site's documents, for programs.
#pragma once

#include "identity/documents/service.h"
#include "platform/api/api.h"

namespace braid::documents {

void declare_api(api::Api& api, Service& service);

}  // namespace braid::documents
