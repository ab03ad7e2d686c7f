// What the templates of this module are given.
#pragma once

#include <string>

#include "identity/factors/passkeys.h"
#include "identity/factors/qr.h"
#include "shell/shell.h"

namespace braid::factors {

struct OverviewView {
    shell::Frame frame;
    std::string handle;  // for the browser's store of passwords
    Overview have;
    bool missing = false;  // the account can do nothing else until one is set up
    FreshCodes codes;      // shown this once
    std::vector<PasskeyLine> passkeys;
    std::optional<Wanted> wanted;  // for a new passkey; nothing where none can be made
    std::string form;              // the form that came back: "app", "codes" or "passkey"
    const Error* error = nullptr;
};

struct AppView {
    shell::Frame frame;
    std::string handle;
    AppSetup setup;
    QrPicture qr;
    const Error* error = nullptr;
};

// Where something is shown: after the password, again, or a passkey alone.
struct StepView {
    shell::Frame frame;
    std::string next;
    Wanted wanted;
    const Error* error = nullptr;
};

struct PasskeyView {
    shell::Frame frame;
    std::string handle;
    PasskeyLine passkey;
    bool stays = false;  // the last factor of an account that must have one
    const Error* error = nullptr;
};

}  // namespace braid::factors
