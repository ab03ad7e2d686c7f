#pragma once

#include "identity/blocks/directory.h"
#include "identity/blocks/service.h"
#include "platform/api/api.h"

namespace braid::blocks {

// All must outlive the server.
void declare_api(api::Api& api, sql::Database& database, Service& service, const Directory& directory);

}  // namespace braid::blocks
