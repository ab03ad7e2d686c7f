// What the templates of this module call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "identity/accounts/roles.h"
#include "shell/pieces.h"

namespace braid::roles {

std::string_view role_name(accounts::Role role);  // message key: "Mentor"
std::vector<shell::Choice> role_choices();        // the light ones first
std::vector<shell::Choice> role_filter();         // "All with a role" first
// "On the whole site", "In the space 1c4gzk0e5m".
std::string place(i18n::Language language, const accounts::RoleScope& scope);

}  // namespace braid::roles
