// What answering does when something happens elsewhere.
#pragma once

#include "platform/events/events.h"

namespace braid::feedback {

// A work or chapter that is gone for good takes its comments, kudos and bookmarks with it.
void add_subscribers(events::Subscribers& subscribers);

}  // namespace braid::feedback
