// The pages of moderation: for everybody (reporting, help, notices, appeals) and for moderators.
#pragma once

#include "access/policy.h"
#include "platform/http/router.h"
#include "stewardship/moderation/service.h"

namespace braid::moderation {

// `service` must outlive the router. `has_holds`: there is /moderation/holds besides.
void add_public_pages(http::Router& router, Service& service);
void add_staff_pages(http::Router& router, Service& service, const std::function<bool()>& has_holds);

}  // namespace braid::moderation
