#include "interests/search/terms.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <libstemmer.h>

#include "interests/works/api.h"

namespace braid::search {

namespace {

constexpr std::size_t kLongest = 40;

struct CloseStemmer {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};
using Stemmer = std::unique_ptr<sb_stemmer, CloseStemmer>;

// A stemmer holds state, so every thread has its own.
sb_stemmer* stemmer_for(std::string_view language) {
    thread_local const Stemmer english(sb_stemmer_new("english", nullptr));
    thread_local const Stemmer spanish(sb_stemmer_new("spanish", nullptr));
    if (language.starts_with("en")) return english.get();
    if (language.starts_with("es")) return spanish.get();
    return nullptr;
}

std::size_t bytes_of(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xe0) return 2;
    return lead < 0xf0 ? 3 : 4;
}

constexpr auto kAsciiWords = [] {
    std::array<bool, 256> words{};
    for (const std::string_view some :
         {"0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
        for (const char c : some)
            words[static_cast<unsigned char>(c)] = true;
    return words;
}();

bool ascii_word(unsigned char c) {
    return kAsciiWords[c];
}

// Latin-1 signs, general punctuation and symbols (U+2000 to U+2BFF), CJK punctuation and what lies beyond the
// basic plane part words.
bool word_character(std::string_view c) {
    const auto lead = static_cast<unsigned char>(c[0]);
    if (c.size() == 1) return ascii_word(lead);
    if (c.size() == 4) return false;
    const auto second = static_cast<unsigned char>(c[1]);
    if (c.size() == 2) {
        const bool times = lead == 0xc3 && (second == 0x97 || second == 0xb7);
        return lead != 0xc2 && !times;
    }
    if (lead == 0xe2 && second <= 0xaf) return false;
    if (lead == 0xe3 && second == 0x80) return false;
    return !(lead == 0xef && second >= 0xb8);
}

constexpr auto kPlain = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"á", "a"}, {"à", "a"}, {"â", "a"}, {"ä", "a"}, {"ã", "a"}, {"å", "a"}, {"ç", "c"},
    {"é", "e"}, {"è", "e"}, {"ê", "e"}, {"ë", "e"}, {"í", "i"}, {"ì", "i"}, {"î", "i"},
    {"ï", "i"}, {"ñ", "n"}, {"ó", "o"}, {"ò", "o"}, {"ô", "o"}, {"ö", "o"}, {"õ", "o"},
    {"ú", "u"}, {"ù", "u"}, {"û", "u"}, {"ü", "u"}, {"ý", "y"},
});

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// What folding may leave beside letters (it decomposes some) would not be a plain term.
bool only_letters(std::string_view word) {
    for (std::size_t at = 0; at < word.size();) {
        const auto size = std::min(bytes_of(static_cast<unsigned char>(word[at])), word.size() - at);
        if (!word_character(word.substr(at, size))) return false;
        at += size;
    }
    return !word.empty();
}

constexpr auto kEntities = std::to_array<std::pair<std::string_view, char>>(
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&nbsp;", ' '}});

}  // namespace

std::string folded(std::string_view word) {
    if (!is_ascii(word)) return works::tag_key(word);  // NFKC with case folding
    std::string lower(word);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::optional<TokenWalk::Place> TokenWalk::next() {
    while (at_ < text_.size()) {
        const std::size_t from = at_;
        bool plain = true;
        std::size_t step = 1;
        while (at_ < text_.size() && ascii_word(static_cast<unsigned char>(text_[at_])))
            ++at_;
        for (; at_ < text_.size(); at_ += step) {
            const auto lead = static_cast<unsigned char>(text_[at_]);
            step = std::min(bytes_of(lead), text_.size() - at_);
            if (lead < 0x80 ? !ascii_word(lead) : !word_character(text_.substr(at_, step))) break;
            plain = plain && lead < 0x80;
        }
        const std::size_t end = at_;
        at_ += at_ < text_.size() ? step : 0;
        if (end == from || end - from > kLongest) continue;
        if (plain || only_letters(folded(text_.substr(from, end - from)))) return Place{from, end};
    }
    return std::nullopt;
}

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    TokenWalk walk(text);
    while (const auto place = walk.next())
        tokens.push_back(
            {folded(text.substr(place->from, place->end - place->from)), place->from, place->end});
    return tokens;
}

std::string without_accents(std::string_view word) {
    if (is_ascii(word)) return std::string(word);
    std::string plain;
    for (std::size_t at = 0; at < word.size();) {
        const auto size = std::min(bytes_of(static_cast<unsigned char>(word[at])), word.size() - at);
        const std::string_view letter = word.substr(at, size);
        const auto* const found =
            std::ranges::find(kPlain, letter, &std::pair<std::string_view, std::string_view>::first);
        plain += found == kPlain.end() ? letter : found->second;
        at += size;
    }
    return plain;
}

std::string term_of(std::string_view word, std::string_view language) {
    sb_stemmer* const stemmer = stemmer_for(language);
    if (stemmer == nullptr) return without_accents(word);
    const auto* const stem = sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(word.data()),
                                             static_cast<int>(word.size()));
    if (stem == nullptr) throw std::bad_alloc();
    return without_accents(
        {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(stemmer))});
}

std::string_view initial_of(std::string_view word) {
    return word.empty() ? word : word.substr(0, bytes_of(static_cast<unsigned char>(word[0])));
}

int distance(std::string_view a, std::string_view b, int most) {
    const auto gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (gap > static_cast<std::size_t>(most) || b.size() > kLongest) return most + 1;
    std::array<std::array<int, kLongest + 1>, 3> rows{};
    for (std::size_t j = 0; j <= b.size(); ++j)
        rows[0][j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i + 2) % 3];
        const auto& higher = rows[(i + 1) % 3];
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], higher[j - 2] + 1);
        }
    }
    return std::min(rows[a.size() % 3][b.size()], most + 1);
}

std::string plain_of(std::string_view html) {
    std::string plain;
    for (std::size_t at = 0; at < html.size();) {
        if (html[at] == '<') {
            const auto end = html.find('>', at);
            if (end == std::string_view::npos) break;
            const std::string_view tag = html.substr(at, end - at);
            if (tag.starts_with("</p") || tag.starts_with("<br") || tag.starts_with("</li") ||
                tag.starts_with("</h"))
                plain += ' ';
            at = end + 1;
            continue;
        }
        const auto* const entity = std::ranges::find_if(
            kEntities, [&](const auto& known) { return html.substr(at).starts_with(known.first); });
        if (entity != kEntities.end()) {
            plain += entity->second;
            at += entity->first.size();
        } else {
            plain += html[at++];
        }
    }
    return plain;
}

}  // namespace braid::search
