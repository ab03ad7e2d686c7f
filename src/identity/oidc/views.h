// What the templates of this module are given.
#pragma once

#include <optional>
#include <string>

#include "identity/oidc/service.h"
#include "shell/shell.h"

namespace braid::oidc {

// The guest chooses between an account of hers and a new one.
struct GuestView {
    shell::Frame frame;
    std::string provider;
    Guest guest;
    accounts::SignUpForm typed;
    const Error* error = nullptr;
};

// It did not work, and what to do now.
struct TroubleView {
    shell::Frame frame;
    std::string provider;
    const Error* error = nullptr;
};
inline std::string what_happened(i18n::Language language, const TroubleView& view) {
    return i18n::format(language, view.error->message_key, {{"provider", view.provider}});
}

struct SettingsView {
    shell::Frame frame;
    std::string provider, handle;
    std::optional<store::Link> link;
    std::optional<Guest> guest;  // has come back and can be tied
    const Error* error = nullptr;
};

}  // namespace braid::oidc
