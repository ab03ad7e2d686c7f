// Reporting, notices and the moderators' queue, for programs.
#pragma once

#include "platform/api/api.h"
#include "stewardship/moderation/service.h"

namespace braid::moderation {

// `service` must outlive the rows.
void declare_api(api::Api& api, Service& service);

}  // namespace braid::moderation
