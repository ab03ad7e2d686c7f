// What the error pages show.
#pragma once

#include <string>
#include <vector>

#include "shell/shell.h"

namespace braid::shell {

enum class Picture {
    ends,   // a strand that ends: not found, gone
    gate,   // strands that wait: not allowed, too often, too large
    knot,   // strands in a knot: our fault, a conflict
    apart,  // strands that lie apart: no connection, unavailable
};

struct ErrorView {
    Frame frame;
    std::string heading, message;
    std::vector<std::string> fields;
    Picture picture = Picture::ends;
    bool retry = false;
    std::string way;         // where to read more, "" for nowhere
    std::string request_id;  // shown where reporting it helps
};

}  // namespace braid::shell
