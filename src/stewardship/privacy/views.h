// What the templates are given.
#pragma once

#include "shell/shell.h"
#include "stewardship/privacy/service.h"
#include "stewardship/privacy/words.h"

namespace braid::privacy {

struct DataPage {
    shell::Frame frame;
    DataView data;
    std::string path;          // of this page
    bool just_proved = false;  // no password is asked for
    const Error* error = nullptr;
};

struct RetentionLine {
    std::string what, period, erasure, reason, hold;  // the last two may be empty
};
struct RetentionPage {
    shell::Frame frame;
    std::vector<RetentionLine> lines;
};

}  // namespace braid::privacy
