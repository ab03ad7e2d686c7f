// Words of the site's lists, found in what others may read: flagged for a moderator, and nothing else. Read
// from events, in jobs: no write waits for it, and nothing is hidden or refused by it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/events/events.h"
#include "platform/jobs/jobs.h"
#include "stewardship/moderation/api.h"
#include "stewardship/moderation/service.h"

namespace braid::moderation {

// At most `limit`, in the order of the text.
std::vector<Listed> listed_in(const words::Lists& lists, const Passages& passages, std::size_t limit);

// Who tells of texts, and the job that reads them. Nothing when the site has no lists.
void add_word_lists(Service& service, jobs::Queue& queue, events::Subscribers& subscribers,
                    jobs::Runner& runner);

}  // namespace braid::moderation
