// What moderation does when something happens elsewhere, or when a time is over.
#pragma once

#include "platform/events/events.h"
#include "platform/jobs/jobs.h"
#include "stewardship/moderation/service.h"

namespace braid::moderation {

void add_background(Service& service, jobs::Queue& queue, events::Subscribers& subscribers,
                    jobs::Runner& runner);

}  // namespace braid::moderation
