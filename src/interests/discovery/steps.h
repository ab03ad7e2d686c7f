// "What now?": at most three things to do next, each for a reason that is true.
#pragma once

#include <vector>

#include "interests/discovery/views.h"

namespace braid::discovery {

// What is known of a person when the page is made. Pointers may be null.
struct Situation {
    const works::OpenDraft* draft = nullptr;  // newest
    bool writes = false;
    const feedback::RecentComment* answer = nullptr;  // newest by somebody else on her works
    std::string answered_by;
    const works::WorkCard* finished = nullptr;  // last finished
    const reading::WorkLine* newest = nullptr;  // by somebody else, not begun
};

// At most three, in this order: something to write, somebody to answer, something to read. What there is no
// true reason for is left out, and nothing here asks anybody to show more than she does.
std::vector<NextStep> next_steps(const Situation& situation);

// Message key of the greeting for the hour (0 to 23) where the person is.
std::string_view greeting_key(int hour);

}  // namespace braid::discovery
