// CommonMark to HTML, before the whitelist. Used by richtext.cpp alone.
#pragma once

#include <string>
#include <string_view>

namespace braid::html {

// HTML in a shape the sanitiser knows: raw HTML in the text becomes visible text, pictures their description,
// soft line breaks spaces; nesting is limited. Not yet checked for what links may point at.
std::string markdown_to_html(std::string_view markdown);

}  // namespace braid::html
