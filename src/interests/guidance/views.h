// What the pages of guidance show.
#pragma once

#include <string>
#include <vector>

#include "interests/guidance/service.h"
#include "platform/html/html.h"
#include "shell/shell.h"

namespace braid::guidance {

struct MinePage {
    shell::Frame frame;
    std::vector<Suggestion> suggestions;
    std::vector<reading::WorkLine> declined;
    bool knows_nothing = false;
};

struct NextPage {
    shell::Frame frame;
    Next next;
    std::string next_url;  // of the chapter that comes, "" when there is none
    std::string back;      // the chapter she comes from
};

// What stands in a card's place once it is not for her.
struct DeclinedView {
    std::string work, title, back;
};

}  // namespace braid::guidance
