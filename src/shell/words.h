// What the templates of the pieces call.
#pragma once

#include <string>
#include <string_view>

#include "shell/pieces.h"

namespace braid::shell {

// htmx within our policy: no eval, no inline style; nothing of a page is left in the browser's storage; a
// form that comes back with 422 is shown again.
inline constexpr std::string_view kHtmxConfig =
    R"({"allowEval":false,"allowScriptTags":false,"includeIndicatorStyles":false,"historyEnabled":false,"selfRequestsOnly":true,)"
    R"("attributesToSettle":["class"],"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},)"
    R"({"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]})";

std::string initials(
    std::string_view name);            // "Abi" → "Ab", "Noor Aziz" → "NA"; the style makes them capitals
std::string_view name(Strand strand);  // its class: "", "interest" …
std::string_view name(Size size);      // its class: "small", "medium", "large"
int tint_of(std::string_view seed);    // 0 to 11
std::string say(i18n::Language language, std::string_view key);  // a message; "" for ""

}  // namespace braid::shell
