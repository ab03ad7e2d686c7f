// What reading does when something happens elsewhere.
#pragma once

#include "platform/events/events.h"

namespace braid::reading {

// A work or chapter that is gone for good takes the places in it along.
void add_subscribers(events::Subscribers& subscribers);

}  // namespace braid::reading
