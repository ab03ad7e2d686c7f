// What people write becomes safe HTML here and nowhere else: CommonMark (cmark-gfm) and then a whitelist over
// a real HTML5 parser (gumbo). Texts are stored as written together with their HTML and the version of this
// sanitiser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/html/html.h"

namespace braid::html {

// Stored beside every rendered text; raised whenever the output for some input changes, so that stored HTML
// can be made anew.
inline constexpr int kSanitiserVersion = 3;

enum class Dialect {
    prose,  // chapters: paragraphs, emphasis, headings (as h2, h3: the title of the page is its h1), quotes,
            // lists, scene breaks, links, no images
    comment,  // comments, summaries, profiles: paragraphs, emphasis, quotes, lists, links
};

// One block at the top level of a text: what a paragraph comment hangs on.
struct Block {
    std::string html;   // sanitised, one element
    std::string plain;  // its text, spaces folded
};

// Never fails: what is not understood is text. Links get rel="nofollow noopener ugc"; schemes other than
// https, http and mailto are dropped. Linear in the input.
std::vector<Block> render_blocks(std::string_view markdown, Dialect dialect);
SafeHtml render(std::string_view markdown, Dialect dialect);
// The whitelist alone, for HTML that comes from elsewhere (imports, federation).
SafeHtml sanitise(std::string_view html, Dialect dialect);

}  // namespace braid::html
