// Topics and interests for programs.
#pragma once

#include "interests/topics/service.h"
#include "interests/topics/wrangling.h"
#include "interests/works/api.h"
#include "platform/api/api.h"

namespace braid::topics {

// The references must outlive the API.
void declare_api(api::Api& api, sql::Database& database, Vocabularies& vocabularies, Service& service,
                 const works::Library& library);
// The same for what moderators do.
void declare_wrangling(api::Api& api, sql::Database& database, Vocabularies& vocabularies,
                       Wrangling& wrangling);

}  // namespace braid::topics
