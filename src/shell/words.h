// What the templates of the pieces call.
#pragma once

#include <string>
#include <string_view>

#include "shell/pieces.h"

namespace braid::shell {

std::string initials(std::string_view name);       // "Abi" → "Ab", "Noor Aziz" → "NA"; the style makes them capitals
std::string_view name(Strand strand);              // its class: "", "interest" …
std::string_view name(Size size);                  // its class: "small", "medium", "large"
int tint_of(std::string_view seed);                // 0 to 11
std::string say(i18n::Language language, std::string_view key);  // a message; "" for ""

}  // namespace braid::shell
