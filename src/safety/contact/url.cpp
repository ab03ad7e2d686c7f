// Links: with a scheme, with www, bare domains, and "discord dot gg slash …".
#include <algorithm>
#include <array>

#include "safety/contact/finders.h"

namespace braid::contact {

namespace {

constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestUrl = 2000;

bool is_host(char c) {
    return is_word(c) || c == '-' || c == '.';
}
bool is_path(char c) {
    return c > ' ' && c != '"' && c != '<' && c != '>' && c != '`' && c != kOther;
}

// The end of a URL without the punctuation of the sentence around it.
std::size_t trimmed(const Reading& reading, std::size_t begin, std::size_t end) {
    while (end > begin) {
        const char last = reading.at(end - 1);
        const bool closes = last == ')' && reading.view(begin, end).find('(') != std::string_view::npos;
        if (is_word(last) || last == '/' || last == '=' || last == '#' || last == '-' || last == '_' ||
            closes)
            break;
        --end;
    }
    return end;
}

std::size_t path_end(const Reading& reading, std::size_t at) {
    const std::size_t begin = at;
    const char c = reading.at(at);
    if (c != '/' && c != '?' && c != '#' && c != ':') return at;
    if (c == ':' && !is_digit(reading.at(at + 1))) return at;
    while (at < reading.size() && at - begin < kLongestUrl && is_path(reading.at(at)))
        ++at;
    return trimmed(reading, begin, at);
}

// "http://", "hxxps : //" and the like; where the host begins, or 0.
std::size_t scheme_end(const Reading& reading, std::size_t word) {
    constexpr std::array kSchemes = {"ftp", "http", "https", "hxxp", "hxxps"};
    if (!is_one_of(kSchemes, reading.word(word))) return 0;
    std::size_t at = reading.words[word].end;
    const auto skip = [&] {
        if (reading.at(at) == ' ') ++at;
    };
    skip();
    if (reading.at(at) != ':') return 0;
    ++at;
    for (int slash = 0; slash < 2; ++slash) {
        skip();
        if (reading.at(at) != '/') return 0;
        ++at;
    }
    skip();
    return at;
}

struct Host {
    std::size_t begin = 0, end = 0;
    std::string_view name, top;
};

// The host at `begin`, without what does not belong to it at its end.
Host host_at(const Reading& reading, std::size_t begin) {
    std::size_t end = begin;
    while (end - begin < kLongestHost && is_host(reading.at(end)))
        ++end;
    while (end > begin && !is_word(reading.at(end - 1)))
        --end;
    Host host{begin, end, reading.view(begin, end), {}};
    const auto dot = host.name.rfind('.');
    if (dot != std::string_view::npos) host.top = host.name.substr(dot + 1);
    return host;
}

bool is_all_letters(std::string_view label) {
    return !label.empty() && std::all_of(label.begin(), label.end(), is_letter);
}

double certainty_of(const Reading& reading, const Host& host, bool has_path) {
    if (host.top.empty() || host.name.find("..") != std::string_view::npos) return 0;
    if (host.name.starts_with("www.") && host.name.size() > 7) return 0.97;
    if (is_known_host(host.name)) return 0.9;
    const Tld top = tld_of(host.top);
    if (top == Tld::none || !is_all_letters(host.top)) return 0;
    const std::string_view before = host.name.substr(0, host.name.size() - host.top.size() - 1);
    const auto letters = static_cast<std::size_t>(std::count_if(before.begin(), before.end(), is_letter));
    // "end.Com": a sentence that begins without a space. "i.e": no host.
    const Glyph& first = reading.glyphs[host.end - host.top.size()];
    const Glyph& second = reading.glyphs[host.end - host.top.size() + 1];
    if (first.capital && !second.capital) return 0;
    if (letters < 2 || before.size() < 3) return 0;
    if (has_path) return 0.9;
    if (top == Tld::weak) return 0.3;
    // Words that end a sentence and begin one: "casa.es una".
    if ((host.top == "es" || host.top == "de" || host.top == "at" || host.top == "co" || host.top == "si") &&
        reading.at(host.end) == ' ' && is_letter(reading.at(host.end + 1)))
        return 0.4;
    return 0.8;
}

void bare(const Reading& reading, std::size_t begin, std::vector<Span>& found) {
    const Host host = host_at(reading, begin);
    if (host.end <= begin || reading.at(host.end) == '@' || (begin > 0 && reading.at(begin - 1) == '@'))
        return;
    const std::size_t end = path_end(reading, host.end);
    const double certainty = certainty_of(reading, host, end > host.end + 1 && reading.at(host.end) == '/');
    if (certainty > 0) found.push_back(reading.span(Kind::url, begin, end, certainty));
}

// "mysite dot com slash abi", "www dot …".
void spoken(const Reading& reading, std::size_t dot, std::vector<Span>& found) {
    if (dot == 0 || dot + 1 >= reading.words.size()) return;
    constexpr std::array kNoHost = {"a",  "an", "and", "at",   "big", "biggest", "el", "every",
                                    "la", "of", "old", "that", "the", "this",    "un"};
    constexpr std::array kTops = {"com", "edu", "gg", "io", "net", "org", "tv"};
    const auto name = reading.word(dot - 1), top = reading.word(dot + 1);
    const auto near = [](std::string_view gap) {
        return !gap.empty() && gap.size() <= 3 && gap.find_first_of(".,;!?\n") == std::string_view::npos;
    };
    if (!near(reading.gap_after(dot - 1)) || !near(reading.gap_after(dot))) return;
    const std::string host = std::string(name) + "." + std::string(top);
    const bool known = is_known_host(host);
    if (!known && (!is_one_of(kTops, top) || is_one_of(kNoHost, name) || name.size() < 3)) return;
    std::size_t first = dot - 1, last = dot + 1;
    if (first >= 2 && reading.word(first - 1) == "dot" && reading.word(first - 2) == "www") first -= 2;
    for (int more = 0; more < 4 && last + 2 < reading.words.size() && reading.gap_after(last) == " " &&
                       (reading.word(last + 1) == "slash" || reading.word(last + 1) == "barra");
         ++more)
        last += 2;
    found.push_back(reading.span(Kind::url, reading.words[first].begin, reading.words[last].end, 0.8));
}

}  // namespace

void find_urls(const Reading& reading, std::vector<Span>& found) {
    std::size_t done = 0;  // glyphs before it were part of a host
    for (std::size_t w = 0; w < reading.words.size(); ++w) {
        const Word& word = reading.words[w];
        const std::string_view name = reading.word(w);
        if (name == "dot" || name == "punto") spoken(reading, w, found);
        if (word.begin < done) continue;
        if (const std::size_t begin = scheme_end(reading, w); begin > 0) {
            const Host host = host_at(reading, begin);
            if (!host.top.empty() || host.name.size() > 3) {
                const std::size_t end = std::max(host.end, path_end(reading, host.end));
                found.push_back(reading.span(Kind::url, word.begin, end, host.top.empty() ? 0.4 : 0.99));
                done = end;
                continue;
            }
        }
        if (reading.at(word.end) != '.' && reading.at(word.end) != '-') continue;
        bare(reading, word.begin, found);
        done = std::max(word.begin + 1UL, host_at(reading, word.begin).end);
    }
}

}  // namespace braid::contact
