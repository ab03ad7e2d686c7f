// What the template of this module is given.
#pragma once

#include <string>

#include "identity/setup/service.h"
#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::setup {

// What the site is like by its options, for who sets it up to look over.
struct About {
    std::string site_name, public_url;
    int consent_age = 13;
    bool help_named = false;
};

struct SetupView {
    shell::Frame frame;
    std::string secret;
    Form typed;  // the password is never sent back
    About about;
    const Error* error = nullptr;
};

}  // namespace braid::setup
