// What the templates of this module are given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/accounts/api.h"
#include "identity/sessions/service.h"
#include "shell/shell.h"

namespace braid::sessions {

struct SignUpView {
    shell::Frame frame;
    accounts::SignUpForm typed;  // the password is never sent back
    std::string next;
    const Error* error = nullptr;
};

struct SignInView {
    shell::Frame frame;
    std::string name, next;
    bool remember = false;
    bool came_from = false;  // sent here by a page that needs somebody
    const Error* error = nullptr;
    bool passkeys = false;  // can be shown instead
    std::string provider;   // name of who can say who she is instead; may be empty
};

struct ForgotView {
    shell::Frame frame;
    std::string email;
    bool sent = false;
    const Error* error = nullptr;
};

struct ResetView {
    shell::Frame frame;
    std::string token;
    bool open = false;
    const Error* error = nullptr;
};

struct PasswordView {
    shell::Frame frame;
    std::string handle;  // for the browser's store of passwords
    const Error* error = nullptr;
};

struct SessionsView {
    shell::Frame frame;
    std::vector<SessionLine> sessions;
};

struct TokensView {
    shell::Frame frame;
    std::vector<TokenLine> tokens;
    std::string name, days = "30";
    std::uint8_t scopes = 1;
    std::optional<NewToken> made;
    const Error* error = nullptr;
};

}  // namespace braid::sessions
