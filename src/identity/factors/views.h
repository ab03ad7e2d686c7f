// What the templates of this module are given.
#pragma once

#include <string>

#include "identity/factors/passkeys.h"
#include "identity/factors/qr.h"
#include "shell/shell.h"

namespace braid::factors {

struct OverviewView {
    shell::Frame frame;
    Overview have;
    bool missing = false;  // the account can do nothing else until one is set up
    bool stays = false;    // what is there is the last one, and one must stay
    bool passkeys_possible = false;
    std::vector<PasskeyLine> passkeys;
    FreshCodes codes;  // shown this once
};

// A form of its own, with the owner's handle for the browser's store of passwords.
struct FormView {
    shell::Frame frame;
    std::string handle;
    const Error* error = nullptr;
};

struct NewPasskeyView {
    shell::Frame frame;
    Wanted wanted;
    std::string name;
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
