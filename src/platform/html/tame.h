// HTML from anywhere made small and balanced before it reaches gumbo, whose work grows with the depth of the
// tree. Used by richtext.cpp alone.
#pragma once

#include <string>
#include <string_view>

namespace braid::html {

// Keeps the text and, balanced and at most 32 deep, the elements the whitelist knows, with href= and start=
// alone; other blocks become <div>; script, style and their like go with what they hold. Linear. What comes
// out is still to be parsed and whitelisted.
std::string tame(std::string_view html);

}  // namespace braid::html
