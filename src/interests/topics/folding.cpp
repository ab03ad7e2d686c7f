#include "interests/topics/folding.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "base/text.h"

namespace braid::topics {

namespace {

const icu::Normalizer2& decomposer() {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* found = icu::Normalizer2::getNFKDInstance(status);
    if (U_FAILURE(status) != 0) throw std::runtime_error("ICU has no NFKD");
    return *found;
}

bool apostrophe(UChar32 c) {
    return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02bc || c == '`' || c == 0x00b4;
}

// Letters that decompose to nothing simpler and that keyboards lack.
UChar32 plain(UChar32 c) {
    switch (c) {
        case 0x00f8:
            return 'o';
        case 0x0142:
            return 'l';
        case 0x0111:
            return 'd';
        case 0x0131:
            return 'i';
        default:
            return c;
    }
}

bool ascii_fold(std::string_view text, std::string& out) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x80) return false;
    out.reserve(text.size());
    bool gap = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        const bool word = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9');
        const bool sign = (c == '+' || c == '#') && !out.empty() && !gap;
        if (word || sign) {
            if (gap && !out.empty()) out += ' ';
            gap = false;
            out += low;
        } else if (c == '&') {
            if (!out.empty()) out += ' ';
            out += "and";
            gap = true;
        } else if (c != '\'' && c != '`') {
            gap = true;
        }
    }
    if (out == "and" && trim(text) == "&") out = "&";
    return true;
}

std::vector<std::string_view> words_of(std::string_view folded) {
    return split(folded, ' ');
}

constexpr auto kBefore = std::to_array<std::string_view>(
    {"i",        "im",       "am",        "really",   "love",       "loves", "like",   "liked",  "likes",
     "enjoy",    "into",     "to",        "the",      "a",          "an",    "my",     "all",    "about",
     "some",     "lots",     "of",        "anything", "everything", "stuff", "things", "fan",    "big",
     "huge",     "obsessed", "with",      "watching", "playing",    "play",  "doing",  "do",     "learning",
     "learn",    "reading",  "listening", "making",   "building",   "me",    "gusta",  "gustan", "encanta",
     "encantan", "el",       "la",        "los",      "las",        "un",    "una",    "mi",     "mis",
     "jugar",    "jugando",  "al",        "a",        "ver",        "hacer", "leer",   "tocar",  "aprender",
     "escuchar", "mucho",    "de",        "soy",      "muy"});
constexpr auto kAfter = std::to_array<std::string_view>(
    {"stuff", "things", "fan",    "fans",  "lover", "lol",     "please",   "etc",
     "cosas", "club",   "and",    "y",     "too",   "lessons", "lesson",   "classes",
     "class", "clases", "videos", "songs", "books", "libros",  "canciones"});

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

std::string joined(const std::vector<std::string_view>& words, std::size_t from, std::size_t end) {
    std::string text;
    for (std::size_t i = from; i < end; ++i) {
        if (!text.empty()) text += ' ';
        text += words[i];
    }
    return text;
}

std::string plural_key_of(std::string_view word) {
    const auto ends = [&](std::string_view tail) { return word.ends_with(tail); };
    if (word.size() < 3) return std::string(word);
    if (ends("s") && !ends("ss") && !ends("us") && !ends("is")) word.remove_suffix(1);
    if (ends("ie")) return std::string(word.substr(0, word.size() - 2)) + "y";
    if (ends("e")) word.remove_suffix(1);
    std::string key(word);
    if (key.ends_with('z')) key.back() = 'c';
    return key;
}

bool plural_word(std::string_view many, std::string_view one) {
    if (!many.ends_with('s') || many.size() < 3) return false;
    const auto less = [&](std::size_t n) { return many.substr(0, many.size() - n); };
    if (less(1) == one) return true;
    if (many.ends_with("es") && less(2) == one) return true;
    if (many.ends_with("ies") && one.ends_with('y') && less(3) == one.substr(0, one.size() - 1)) return true;
    return many.ends_with("ces") && one.ends_with('z') && less(3) == one.substr(0, one.size() - 1);
}

constexpr auto kNumbers = std::to_array<std::pair<std::string_view, char>>({{"one", '1'},
                                                                            {"two", '2'},
                                                                            {"three", '3'},
                                                                            {"four", '4'},
                                                                            {"five", '5'},
                                                                            {"six", '6'},
                                                                            {"seven", '7'},
                                                                            {"eight", '8'},
                                                                            {"nine", '9'}});
constexpr auto kSmall =
    std::to_array<std::string_view>({"of", "the", "and", "a", "an", "de", "la", "el", "los", "las", "y", "in",
                                     "on", "for", "to", "del", "en"});

std::string initials(const std::vector<std::string_view>& words, bool small, bool digits) {
    std::string letters;
    for (const std::string_view word : words) {
        if (word.empty() || (!small && among(kSmall, word))) continue;
        const auto number = std::ranges::find(kNumbers, word, &std::pair<std::string_view, char>::first);
        if (digits && number != kNumbers.end()) {
            letters += number->second;
        } else if (static_cast<unsigned char>(word[0]) < 0x80) {
            letters += word[0];
        } else {
            return {};
        }
    }
    return letters;
}

}  // namespace

std::string fold(std::string_view text) {
    std::string out;
    if (!ascii_fold(text, out)) {
        out.clear();
        UErrorCode status = U_ZERO_ERROR;
        const auto source =
            icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
        icu::UnicodeString decomposed = decomposer().normalize(source, status);
        if (U_FAILURE(status) != 0) return std::string(text);
        decomposed.foldCase();
        icu::UnicodeString kept;
        bool gap = false;
        for (int i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
            const UChar32 c = plain(decomposed.char32At(i));
            const auto type = u_charType(c);
            if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || apostrophe(c)) continue;
            const bool sign = (c == '+' || c == '#') && !kept.isEmpty() && !gap;
            if (u_isalnum(c) != 0 || type == U_COMBINING_SPACING_MARK || sign) {
                if (gap && !kept.isEmpty()) kept.append(u' ');
                gap = false;
                kept.append(c);
            } else if (c == '&') {
                if (!kept.isEmpty()) kept.append(u' ');
                kept.append(u"and", 3);
                gap = true;
            } else {
                gap = true;
            }
        }
        kept.toUTF8String(out);
    }
    return out.empty() ? std::string(trim(text)) : out;
}

std::vector<std::string> without_filler(std::string_view folded) {
    std::vector<std::string> forms{std::string(folded)};
    const auto words = words_of(folded);
    std::size_t from = 0, end = words.size();
    while (end > 1 && among(kAfter, words[end - 1])) {
        --end;
        forms.push_back(joined(words, 0, end));
    }
    while (from + 1 < end && among(kBefore, words[from])) {
        ++from;
        forms.push_back(joined(words, from, end));
        if (end < words.size()) forms.push_back(joined(words, from, words.size()));
    }
    std::ranges::stable_sort(forms, [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return forms;
}

std::string plural_key(std::string_view folded) {
    std::string text;
    for (const std::string_view word : words_of(folded)) {
        if (!text.empty()) text += ' ';
        text += plural_key_of(word);
    }
    return text;
}

bool plural_of(std::string_view a, std::string_view b) {
    const auto left = words_of(a), right = words_of(b);
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (left[i] != right[i] && !plural_word(left[i], right[i]) && !plural_word(right[i], left[i]))
            return false;
    return true;
}

std::string compact(std::string_view folded) {
    std::string text(folded);
    std::erase(text, ' ');
    return text;
}

std::vector<std::string> acronyms(std::string_view folded) {
    std::vector<std::string> found;
    const auto words = words_of(folded);
    if (words.size() < 2 || words.size() > 8) return found;
    for (const bool small : {true, false}) {
        for (const bool digits : {false, true}) {
            std::string letters = initials(words, small, digits);
            if (letters.size() >= 2 && std::ranges::find(found, letters) == found.end())
                found.push_back(std::move(letters));
        }
    }
    return found;
}

int distance(std::u32string_view a, std::u32string_view b, int most) {
    const auto n = a.size(), m = b.size();
    if ((n > m ? n - m : m - n) > static_cast<std::size_t>(most)) return most + 1;
    thread_local std::vector<int> rows;
    const auto width = m + 1;
    rows.assign(3 * width, 0);
    int* before = rows.data();
    int* last = before + width;
    int* now = last + width;
    for (std::size_t j = 0; j <= m; ++j)
        last[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= n; ++i) {
        now[0] = static_cast<int>(i);
        int least = now[0];
        for (std::size_t j = 1; j <= m; ++j) {
            const int cost = a[i - 1] == b[j - 1] ? 0 : 1;
            int best = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = std::min(best, before[j - 2] + 1);
            now[j] = best;
            least = std::min(least, best);
        }
        if (least > most) return most + 1;
        std::swap(before, last);
        std::swap(last, now);
    }
    return std::min(last[m], most + 1);
}

std::u32string code_points(std::string_view text) {
    std::u32string points;
    points.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        char32_t point = size == 1 ? lead : lead & (0xffU >> (size + 1));
        for (std::size_t k = 1; k < size && i + k < text.size(); ++k)
            point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
        points += point;
        i += size;
    }
    return points;
}

int mistakes_allowed(std::size_t letters) {
    return letters <= 3 ? 0 : letters <= 7 ? 1 : 2;
}

}  // namespace braid::topics
