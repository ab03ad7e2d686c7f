// The words of HTML that the sanitiser made.
#pragma once

#include <string>
#include <string_view>

namespace braid::html {

// Tags dropped, character references of &amp; &lt; &gt; &quot; &#39; &nbsp; resolved, spaces folded; what
// begins a line of its own parts words, emphasis inside a word does not.
std::string plain_of(std::string_view html);

}  // namespace braid::html
