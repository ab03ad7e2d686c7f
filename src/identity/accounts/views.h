// What the templates of the settings pages are given.
#pragma once

#include <string>

#include "identity/accounts/api.h"
#include "platform/html/html.h"
#include "shell/shell.h"

namespace braid::accounts {

struct OverviewView {
    shell::Frame frame;
    OwnAccount me;
    bool administrator = false;  // leads to /admin/people
    bool gives_roles = false;    // leads to /settings/invitations
    std::string provider;        // name of who else may say who she is; may be empty
};

struct ProfileView {
    shell::Frame frame;
    OwnAccount me;           // as typed, when the form came back
    html::SafeHtml bio;      // how it looks
    bool previewed = false;  // what is shown is not saved yet
    const Error* error = nullptr;
};

struct AccountView {
    shell::Frame frame;
    OwnAccount me;
    std::string typed_email;
    const Error* error = nullptr;
};

struct ConfirmView {
    shell::Frame frame;
    std::string token;
    const Error* error = nullptr;  // the link has ended
};

}  // namespace braid::accounts
