// Answering for programs: comments, kudos and bookmarks under /api/v1.
#pragma once

#include "identity/accounts/api.h"
#include "interests/feedback/service.h"
#include "platform/api/api.h"

namespace braid::feedback {

// All references must outlive `api`.
void declare_api(api::Api& api, sql::Database& database, Service& service, const accounts::People& people);

}  // namespace braid::feedback
