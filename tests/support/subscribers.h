// Runs every subscriber twice on what the outbox holds, and looks that the second time changed nothing.
#pragma once

#include <string>
#include <vector>

#include "platform/events/events.h"
#include "support/databases.h"

namespace braid::testing {

// Every row of every table but the machinery's (outbox, jobs, timers, migrations), as text: equal states give
// equal texts. A snapshot of its own: call it outside of read() and write().
std::string dump(TestDatabase& database);

// Delivers each event of the outbox to each of its subscribers, twice, each time in a transaction of its own;
// events that they append are delivered too. Returns a line for each subscriber that failed, or that left
// another state, or appended an event, when run again.
std::vector<std::string> run_subscribers_twice(TestDatabase& database,
                                               const events::Subscribers& subscribers);

}  // namespace braid::testing
