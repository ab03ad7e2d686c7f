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
struct FilterChip {
    std::string label, value;  // label: a message key, or "" where the value says it
    std::string without_url;
};

struct SearchPage {
    shell::Frame frame;
    Query query;       // text: what is in the box, without filters
    std::string tags;  // as in the form, with commas
    Results results;
    std::vector<Tab> tabs;
    std::vector<FilterChip> filters;
    std::string next_url, first_url, exact_url;
    std::string everywhere_url;  // without filters, "" when there are none

    // The tab of a kind, "" on that tab itself.
    [[nodiscard]] std::string more_url(std::string_view kind) const {
        if (kind == query.kind) return {};
        for (std::size_t i = 0; i < results.of_kind.size(); ++i)
            if (results.of_kind[i].kind == kind) return tabs[i + 1].url;
        return {};
    }
};

}  // namespace braid::search
