// Looks at an installation and says what is wrong and what to do about it.
#pragma once

#include <string>
#include <vector>

#include "app/settings.h"

namespace braid::app {

enum class Health { ok, warn, fail };

struct Finding {
    Health health;
    std::string subject;  // "database"
    std::string found;    // one sentence
    std::string advice;   // what to do; empty when well
};

// Touches nothing but a probe file in the data folder. Connects to the database and the mail server.
std::vector<Finding> examine(const Settings& settings);

}  // namespace braid::app
