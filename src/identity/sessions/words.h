// What the templates of this module call.
#pragma once

#include <string>
#include <vector>

#include "base/text.h"
#include "identity/sessions/model.h"
#include "identity/sessions/service.h"
#include "shell/pieces.h"

namespace braid::sessions {

std::vector<shell::Choice> languages();  // each in its own words
std::vector<shell::Choice> token_days();
std::string agent_words(i18n::Language language, const SessionLine& session);  // "Firefox on Android"

}  // namespace braid::sessions
