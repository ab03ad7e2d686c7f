// What the page of search shows.
#pragma once

#include <string>
#include <vector>

#include "interests/search/service.h"
#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::search {

struct Tab {
    std::string label, url;  // label: a message key
    int count = 0;
    bool more = false, current = false;
};

struct SearchPage {
    shell::Frame frame;
    Query query;
    Results results;
    std::vector<Tab> tabs;
    std::string next_url, first_url, exact_url,
        everywhere_url;  // everywhere: without filters, "" when there are none
};

}  // namespace braid::search
