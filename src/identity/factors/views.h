// What the templates of this module are given.
#pragma once

#include <string>

#include "identity/factors/qr.h"
#include "identity/factors/service.h"
#include "shell/shell.h"

namespace braid::factors {

struct OverviewView {
    shell::Frame frame;
    std::string handle;  // for the browser's store of passwords
    Overview have;
    bool missing = false;  // the account can do nothing else until one is set up
    FreshCodes codes;      // shown this once
    std::string form;      // the form that came back: "app" or "codes"
    const Error* error = nullptr;
};

struct AppView {
    shell::Frame frame;
    std::string handle;
    AppSetup setup;
    QrPicture qr;
    const Error* error = nullptr;
};

struct StepView {
    shell::Frame frame;
    std::string next;
    const Error* error = nullptr;
};

}  // namespace braid::factors
