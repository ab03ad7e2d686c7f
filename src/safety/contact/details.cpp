// What was found, for people.
#include <algorithm>
#include <array>
#include <set>

#include "platform/i18n/i18n.h"
#include "safety/contact/api.h"

namespace braid::contact {

namespace {

constexpr std::size_t kAround = 60;  // bytes

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::string excerpt(std::string_view text, const Span& span) {
    std::size_t begin = span.begin_byte < kAround ? 0 : span.begin_byte - kAround;
    std::size_t end = std::min(text.size(), span.end_byte + kAround);
    while (begin > 0 && continues_character(text[begin]))
        --begin;
    while (end < text.size() && continues_character(text[end]))
        ++end;
    return (begin > 0 ? "…" : "") + std::string(text.substr(begin, end - begin)) +
           (end < text.size() ? "…" : "");
}

std::string_view words_of(std::string_view text, const Span& span) {
    return text.substr(span.begin_byte, span.end_byte - span.begin_byte);
}

}  // namespace

std::vector<Detail> details(std::string_view text) {
    std::vector<Detail> found;
    for (const Span& span : find_contact(text))
        found.push_back({span.kind, std::string(words_of(text, span)), excerpt(text, span)});
    return found;
}

bool brings_contact(std::string_view text, std::string_view before) {
    const auto now = find_contact(text);
    if (now.empty()) return false;
    std::set<std::string_view> known;
    for (const Span& span : find_contact(before))
        known.insert(words_of(before, span));
    return std::ranges::any_of(now, [&](const Span& span) { return !known.contains(words_of(text, span)); });
}

std::string_view kind_key(Kind kind) {
    static constexpr std::array<std::string_view, std::size(kKinds)> keys{
        _msg("contact.kind.email"),  _msg("contact.kind.phone"), _msg("contact.kind.address"),
        _msg("contact.kind.handle"), _msg("contact.kind.url"),   _msg("contact.kind.school_time")};
    return keys[static_cast<std::size_t>(kind)];
}

}  // namespace braid::contact
