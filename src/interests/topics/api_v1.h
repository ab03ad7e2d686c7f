// Topics and interests for programs.
#pragma once

#include "interests/topics/service.h"
#include "interests/works/api.h"
#include "platform/api/api.h"

namespace braid::topics {

// The references must outlive the API.
void declare_api(api::Api& api, sql::Database& database, Vocabularies& vocabularies, Service& service,
                 const works::Library& library);

}  // namespace braid::topics
