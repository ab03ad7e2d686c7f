// What the templates of this module call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "identity/guardians/service.h"
#include "platform/http/message.h"
#include "shell/pieces.h"

namespace braid::guardians {

// Message keys.
std::string_view label_of(Choice choice);
std::string_view hint_of(Choice choice);
std::string_view label_of(Method method);
std::string_view label_of(What what);

// "choice_publish" …: the names of the check boxes.
std::string field_of(Choice choice);
Choices choices_of(const http::Form& form);

std::vector<shell::Choice> desk_methods(bool forms);
std::string month_text(int month);  // "" for 0

inline constexpr std::array kAllChoices{Choice::publish, Choice::publish_openly, Choice::comment,
                                        Choice::be_listed, Choice::mentors};

}  // namespace braid::guardians
