// Works for programs: /api/v1/works and what is below it.
#pragma once

#include "interests/works/library.h"
#include "interests/works/service.h"
#include "platform/api/api.h"

namespace braid::works {

// All references must outlive `api`.
void declare_api(api::Api& api, sql::Database& database, const Library& library, Writing& writing);

}  // namespace braid::works
