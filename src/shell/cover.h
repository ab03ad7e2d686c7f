// Covers for works whose authors made none: a small flat picture, drawn from the title.
#pragma once

#include <string>
#include <string_view>

namespace braid::shell {

// An SVG document, 3:4, at most 2 KB, the same for ever for the same two texts (both may be empty). Fourteen
// scenes, twelve palettes and their composition are chosen by a seed, so that covers in a list are told apart
// at 80 px. No words are in it: the title stands beside every cover.
[[nodiscard]] std::string cover_svg(std::string_view title, std::string_view author);

}  // namespace braid::shell
