// What /admin/audit shows.
#pragma once

#include <string>
#include <vector>

#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::audit {

struct Line {
    std::int64_t seq = 0;
    std::string at;                    // in words
    std::string actor;                 // name, or who the program is
    std::string actor_id, subject_id;  // for the filters' links; "" for nobody
    std::string subject;
    std::string action, object_kind, object_id, reason;
    bool view = false;
    std::string hash;  // its first digits
};

struct AuditPage {
    shell::Frame frame;
    std::vector<Line> lines;
    std::string kind, action, object_kind, object, actor, subject;  // filters as typed
    std::vector<std::string> actions, object_kinds;
    std::string next_url, first_url;
    std::int64_t rows = 0;
    std::string head;
    bool filtered = false;
    const Error* error = nullptr;
};

}  // namespace braid::audit
