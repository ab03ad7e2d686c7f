#include "platform/html/plain.h"

#include <utility>

namespace braid::html {

std::string plain_of(std::string_view html) {
    static constexpr std::pair<std::string_view, std::string_view> kReferences[] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}};
    std::string plain;
    plain.reserve(html.size());
    bool space = false;
    const auto put = [&](std::string_view text) {
        if (space && !plain.empty()) plain += ' ';
        space = false;
        plain += text;
    };
    for (std::size_t i = 0; i < html.size();) {
        const char c = html[i];
        if (c == '<') {
            const std::size_t end = html.find('>', i);
            const std::string_view tag = html.substr(i, end == std::string_view::npos ? end : end - i);
            // What starts a line of its own parts words; emphasis inside a word does not.
            if (tag.starts_with("<br") || tag.starts_with("<p") || tag.starts_with("</p") ||
                tag.starts_with("<li") || tag.starts_with("</li")) {
                space = true;
            }
            if (end == std::string_view::npos) break;
            i = end + 1;
        } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            space = true;
            ++i;
        } else {
            std::string_view text = html.substr(i, 1);
            std::size_t length = 1;
            if (c == '&') {
                for (const auto& [reference, character] : kReferences) {
                    if (html.substr(i).starts_with(reference)) {
                        text = character;
                        length = reference.size();
                        break;
                    }
                }
            }
            if (text == " ") {
                space = true;
            } else {
                put(text);
            }
            i += length;
        }
    }
    return plain;
}

}  // namespace braid::html
