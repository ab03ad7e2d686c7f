// E-mail addresses, plain and disguised.
#include <algorithm>
#include <array>

#include "safety/contact/finders.h"

namespace braid::contact {

namespace {

constexpr std::size_t kLongestLocal = 64;  // RFC 5321 section 4.5.3.1
constexpr std::size_t kLongestDomain = 255;

bool is_local(char c) {
    return is_word(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}
bool is_label(char c) {
    return is_word(c) || c == '-';
}

// What parts a disguise: spaces, brackets, emoji.
bool is_wrapping(char c) {
    return is_space(c) || c == '(' || c == ')' || c == '[' || c == ']' || c == '{' || c == '}' || c == '<' ||
           c == '>' || c == '*' || c == '_' || c == '-' || c == '"' || c == '\'' || c == kOther;
}
bool is_bracket(char c) {
    return c == '(' || c == '[' || c == '{' || c == '<' || c == '*' || c == kOther;
}

std::size_t skip_wrapping(const Reading& reading, std::size_t at) {
    for (int i = 0; i < 3 && is_wrapping(reading.at(at)); ++i)
        ++at;
    return at;
}

// Words that stand for signs, and verbs that "at" follows in plain speech.
bool is_at_word(std::string_view word) {
    return word == "at" || word == "arroba" || word == "aat";
}
bool is_dot_word(std::string_view word) {
    return word == "dot" || word == "punto" || word == "d0t" || word == "period";
}
bool is_plain_before_at(std::string_view word) {
    constexpr std::array kPlain = {"account", "are",  "available", "check", "email", "found",  "is",
                                   "it",      "look", "looking",   "me",    "meet",  "out",    "signed",
                                   "site",    "up",   "us",        "was",   "work",  "working"};
    return is_one_of(kPlain, word);
}

enum class Dot { tight, wrapped, spoken };
struct Domain {
    std::size_t end = 0;
    bool known = false;  // of somebody who gives addresses to everybody
    bool top = false;    // ends with a top level
    Dot dots = Dot::tight;
};

// "gmail.com", "gmail (dot) com", "g mail punto com"; `end` 0 when there is none.
Domain read_domain(const Reading& reading, std::size_t begin) {
    Domain domain;
    std::size_t at = begin;
    std::string_view label, last;
    for (int labels = 0; labels < 6; ++labels) {
        const std::size_t label_begin = at;
        while (at - label_begin < 63 && is_label(reading.at(at)))
            ++at;
        label = reading.view(label_begin, at);
        if (label.empty()) break;
        if (labels == 0 && (label == "g" || label == "gee") &&
            reading.view(at, std::min(reading.size(), at + 5)) == " mail") {
            at += 5;
            label = "gmail";
        }
        if (is_mail_provider(label)) domain.known = true;
        if (labels > 0) {
            domain.end = at;
            domain.top = tld_of(label) != Tld::none ||
                         (labels > 0 && domain.dots == Dot::tight && label.size() >= 2 &&
                          label.size() <= 12 && std::none_of(label.begin(), label.end(), is_digit));
            last = label;
        }
        const std::size_t dot = skip_wrapping(reading, at);
        std::size_t after = dot;
        Dot kind = dot == at ? Dot::tight : Dot::wrapped;
        if (reading.at(dot) == '.') {
            after = dot + 1;
        } else {
            std::size_t end = dot;
            while (end - dot < 7 && is_word(reading.at(end)))
                ++end;
            if (dot == at || !is_dot_word(reading.view(dot, end))) break;
            after = end;
            kind = Dot::spoken;
        }
        const std::size_t next = skip_wrapping(reading, after);
        if (next != after && kind == Dot::tight) kind = Dot::wrapped;
        // "… at gmail. Come here": after a full stop a domain goes on only to a top level.
        if (kind == Dot::wrapped) {
            std::size_t end = next;
            while (end - next < 8 && is_label(reading.at(end)))
                ++end;
            if (tld_of(reading.view(next, end)) == Tld::none) break;
        }
        domain.dots = std::max(domain.dots, kind);
        at = next;
    }
    if (domain.end != 0 && !last.empty() && tld_of(last) == Tld::none && domain.dots != Dot::tight)
        domain.top = false;
    return domain;
}

// Where the part before "at" begins: a name, and more of it over "dot" and "underscore".
std::size_t local_begin(const Reading& reading, std::size_t end) {
    std::size_t begin = end;
    for (int pieces = 0; pieces < 5; ++pieces) {
        while (begin > 0 && end - begin < kLongestLocal && is_local(reading.at(begin - 1)))
            --begin;
        std::size_t joint = begin;
        while (joint > 0 && begin - joint < 2 && is_wrapping(reading.at(joint - 1)))
            --joint;
        std::size_t word = joint;
        while (word > 0 && joint - word < 11 && is_word(reading.at(word - 1)))
            --word;
        const std::string_view spoken = reading.view(word, joint);
        const bool joins =
            is_dot_word(spoken) || spoken == "underscore" || spoken == "dash" || spoken == "guion";
        if (joint == begin || !joins || word == 0 || reading.at(word - 1) != ' ') break;
        begin = word - 1;
        end = begin;
        if (begin == 0 || !is_local(reading.at(begin - 1))) break;
    }
    while (begin < end && !is_word(reading.at(begin)))
        ++begin;
    return begin;
}

void plain(const Reading& reading, std::size_t sign, std::vector<Span>& found) {
    std::size_t begin = sign, end = sign + 1;
    while (begin > 0 && sign - begin < kLongestLocal && is_local(reading.at(begin - 1)))
        --begin;
    while (begin < sign && !is_word(reading.at(begin)))
        ++begin;
    while (end - sign < kLongestDomain && (is_label(reading.at(end)) || reading.at(end) == '.'))
        ++end;
    while (end > sign + 1 && !is_word(reading.at(end - 1)))
        --end;
    const std::string_view domain = reading.view(sign + 1, end);
    const auto dot = domain.rfind('.');
    if (begin == sign || dot == std::string_view::npos || dot == 0) return;
    const std::string_view top = domain.substr(dot + 1);
    const bool letters = std::all_of(top.begin(), top.end(), is_letter);
    if (top.size() < 2 || top.size() > 24 || !letters) return;
    found.push_back(reading.span(Kind::email, begin, end, 0.99));
}

// `at_begin` to `at_end` is what stands for the sign.
enum class At { sign, wrapped, spoken };
void disguised(const Reading& reading, std::size_t at_begin, std::size_t at_end, At at,
               std::vector<Span>& found) {
    const std::size_t after = skip_wrapping(reading, at_end);
    const Domain domain = read_domain(reading, after);
    if (domain.end == 0 || !domain.top) return;
    std::size_t name_end = at_begin;
    for (int i = 0; i < 3 && name_end > 0 && is_wrapping(reading.at(name_end - 1)); ++i)
        --name_end;
    const std::size_t begin = local_begin(reading, name_end);
    const std::string_view name = reading.view(begin, name_end);
    double certainty = 0.9;
    if (at == At::spoken) {
        if (domain.dots == Dot::tight && (!domain.known || is_plain_before_at(name))) return;
        if (domain.dots == Dot::wrapped && !domain.known) return;
        certainty = is_plain_before_at(name) ? 0.6 : domain.known ? 0.9 : 0.75;
    }
    if (name.empty() && !domain.known) return;
    const bool mere = name.empty() || (at == At::spoken && is_plain_before_at(name));
    found.push_back(reading.span(Kind::email, mere ? at_begin : begin, domain.end, certainty));
}

// "abiatgmaildotcom": a provider's name in one word with what comes before and after.
void glued(const Reading& reading, std::size_t index, std::vector<Span>& found) {
    const std::string_view word = reading.word(index);
    if (word.size() < 9 || word.size() > 120) return;
    for (const std::string_view dot : {"dot", "punto", ""}) {
        for (const std::string_view top : {"com", "net", "es", "org", "me", "mx", "couk"}) {
            if (!word.ends_with(top) || !word.substr(0, word.size() - top.size()).ends_with(dot)) continue;
            const std::string_view rest = word.substr(0, word.size() - top.size() - dot.size());
            for (const std::string_view at : {"arroba", "at", "@"}) {
                const auto place = rest.rfind(at);
                const bool sign = at == "@";
                const std::uint32_t begin = reading.words[index].begin;
                if (sign) {
                    if (begin == 0 || reading.at(begin - 1) != '@' || !is_mail_provider(rest)) continue;
                    found.push_back(reading.span(Kind::email, local_begin(reading, begin - 1),
                                                 reading.words[index].end, 0.85));
                    return;
                }
                if (dot.empty() || place == std::string_view::npos ||
                    !is_mail_provider(rest.substr(place + at.size())))
                    continue;
                std::size_t start = begin;
                if (place == 0) {
                    std::size_t name_end = begin;
                    while (name_end > 0 && begin - name_end < 3 && is_wrapping(reading.at(name_end - 1)))
                        --name_end;
                    start = local_begin(reading, name_end);
                    if (start == name_end) start = begin;
                }
                found.push_back(reading.span(Kind::email, start, reading.words[index].end, 0.85));
                return;
            }
        }
    }
}

}  // namespace

void find_emails(const Reading& reading, std::vector<Span>& found) {
    for (std::size_t i = 0; i < reading.size(); ++i) {
        if (reading.text[i] != '@') continue;
        const std::size_t before = found.size();
        plain(reading, i, found);
        if (found.size() == before) disguised(reading, i, i + 1, At::sign, found);
    }
    for (std::size_t w = 0; w < reading.words.size(); ++w) {
        const Word& word = reading.words[w];
        if (is_at_word(reading.word(w))) {
            const bool wrapped = word.begin > 0 && is_bracket(reading.at(word.begin - 1));
            const bool arroba = reading.word(w) != "at";
            disguised(reading, word.begin, word.end, wrapped || arroba ? At::wrapped : At::spoken, found);
        }
        glued(reading, w, found);
    }
}

}  // namespace braid::contact
