#pragma once

#include "identity/factors/service.h"
#include "platform/api/api.h"

namespace braid::factors {

// What is set up. Setting up and removing is for a person at a page alone: a token must not be able to weaken
// the account it was made for.
void declare_api(api::Api& api, Service& service);

}  // namespace braid::factors
