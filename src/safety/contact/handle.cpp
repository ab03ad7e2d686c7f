// Names on other platforms: "@abi_writes", "my snap is abi.w", "discord: abi#1234".
#include <algorithm>
#include <array>

#include "safety/contact/finders.h"

namespace braid::contact {

namespace {

constexpr std::size_t kLongest = 40;

bool is_handle(char c) {
    return is_word(c) || c == '_' || c == '.' || c == '-';
}

// Words after '@' in programs and style sheets.
bool is_of_code(std::string_view name) {
    constexpr std::array kCode = {"author",  "charset",  "click",   "deprecated",   "else",      "font-face",
                                  "if",      "import",   "include", "interface",    "keyframes", "media",
                                  "model",   "override", "page",    "param",        "property",  "return",
                                  "returns", "see",      "since",   "staticmethod", "supports",  "test",
                                  "throws",  "todo",     "version"};
    return is_one_of(kCode, name);
}

std::size_t handle_end(const Reading& reading, std::size_t begin) {
    std::size_t end = begin;
    while (end - begin < kLongest && is_handle(reading.at(end)))
        ++end;
    while (end > begin && (reading.at(end - 1) == '.' || reading.at(end - 1) == '-'))
        --end;
    return end;
}

void after_sign(const Reading& reading, std::size_t sign, std::vector<Span>& found) {
    if (sign > 0 &&
        (is_handle(reading.at(sign - 1)) || reading.at(sign - 1) == '@' || reading.at(sign - 1) == '/'))
        return;
    const std::size_t end = handle_end(reading, sign + 1);
    const std::string_view name = reading.view(sign + 1, end);
    const auto letters = std::count_if(name.begin(), name.end(), is_letter);
    if (name.size() < 3 || letters < 1 || reading.at(end) == '@' || reading.at(end) == '(' ||
        reading.at(end) == '{')
        return;
    const bool quoted = sign > 0 && reading.at(sign - 1) == '`';
    found.push_back(reading.span(Kind::handle, sign, end, is_of_code(name) || quoted ? 0.2 : 0.7));
}

// Something that is no word of a language: a digit among letters, an underscore, a dot inside.
bool looks_made_up(std::string_view name) {
    const auto digits = std::count_if(name.begin(), name.end(), is_digit);
    const auto letters = std::count_if(name.begin(), name.end(), is_letter);
    return letters > 0 && (digits > 0 || name.find_first_of("_.") != std::string_view::npos) &&
           name.size() >= 4;
}

bool is_filler(std::string_view word) {
    constexpr std::array kFillers = {"account", "at",  "called", "cuenta", "en",       "es",     "handle",
                                     "id",      "is",  "it",     "its",    "name",     "nombre", "on",
                                     "s",       "tag", "un",     "user",   "username", "usuario"};
    return is_one_of(kFillers, word);
}
bool is_common(std::string_view word) {
    constexpr std::array kCommon = {
        "a",     "also",    "and",     "app",  "are",  "back", "bad",     "better", "broken", "but",
        "chat",  "cool",    "deleted", "down", "fake", "for",  "full",    "fun",    "gone",   "good",
        "great", "hacked",  "in",      "just", "like", "live", "me",      "mucho",  "my",     "new",
        "no",    "not",     "now",     "old",  "para", "post", "private", "que",    "really", "so",
        "story", "stories", "than",    "that", "the",  "then", "they",    "this",   "to",     "too",
        "up",    "very",    "was",     "with", "y",    "you",  "your"};
    return std::find(kCommon.begin(), kCommon.end(), word) != kCommon.end();
}
bool is_invitation(std::string_view word) {
    constexpr std::array kInvitations = {"add",    "agregame", "anademe", "buscame", "dm", "find",
                                         "follow", "message",  "mi",      "my",      "on", "sigueme"};
    return is_one_of(kInvitations, word);
}

void after_platform(const Reading& reading, std::size_t platform, std::vector<Span>& found) {
    bool invited = false;
    for (std::size_t back = 1; back <= 3 && back <= platform; ++back)
        invited = invited || is_invitation(reading.word(platform - back));
    bool pointed = false;  // a colon or "is": the name comes
    bool named = false;    // a colon or "username": whatever comes is one
    std::size_t next = platform;
    for (int fillers = 0; fillers < 4; ++fillers) {
        const std::string_view gap = reading.gap_after(next);
        if (gap.size() > 4 || gap.find_first_of(".!?\n@;") != std::string_view::npos) return;
        pointed = pointed || gap.find_first_of(":=") != std::string_view::npos;
        named = named || gap.find_first_of(":=") != std::string_view::npos;
        ++next;
        if (next >= reading.words.size()) return;
        if (!is_filler(reading.word(next))) break;
        pointed =
            pointed || reading.word(next) == "is" || reading.word(next) == "es" || reading.word(next) == "s";
    }
    if (is_filler(reading.word(next))) return;
    const std::size_t begin = reading.words[next].begin;
    std::size_t end = handle_end(reading, begin);
    const std::string_view name = reading.view(begin, end);
    if (reading.at(end) == '#' && is_digit(reading.at(end + 1))) {
        while (end < begin + kLongest + 5 && (reading.at(end) == '#' || is_digit(reading.at(end))))
            ++end;
        found.push_back(reading.span(Kind::handle, begin, end, 0.9));
    } else if (looks_made_up(name) && (pointed || invited)) {
        found.push_back(reading.span(Kind::handle, begin, end, 0.85));
    } else if (named && invited && name.size() >= 4 && !is_common(name) && !reading.is_number(next)) {
        // "my snap: abigailwrites": the last word of what is said.
        const bool ends = end >= reading.size() ||
                          std::string_view(".,!?\n)\x02").find(reading.at(end)) != std::string_view::npos;
        if (ends) found.push_back(reading.span(Kind::handle, begin, end, 0.6));
    }
}

// "abi#1234"
void with_number(const Reading& reading, std::size_t sign, std::vector<Span>& found) {
    std::size_t end = sign + 1;
    while (end - sign < 6 && is_digit(reading.at(end)))
        ++end;
    if (end - sign != 5 || is_word(reading.at(end))) return;
    std::size_t begin = sign;
    while (begin > 0 && sign - begin < kLongest && is_handle(reading.at(begin - 1)))
        --begin;
    const std::string_view name = reading.view(begin, sign);
    if (name.size() >= 3 && std::any_of(name.begin(), name.end(), is_letter))
        found.push_back(reading.span(Kind::handle, begin, end, 0.75));
}

}  // namespace

void find_handles(const Reading& reading, std::vector<Span>& found) {
    for (std::size_t i = 0; i < reading.size(); ++i) {
        if (reading.text[i] == '@') after_sign(reading, i, found);
        if (reading.text[i] == '#') with_number(reading, i, found);
    }
    for (std::size_t w = 0; w < reading.words.size(); ++w) {
        if (is_platform(reading.word(w))) after_platform(reading, w, found);
    }
}

}  // namespace braid::contact
