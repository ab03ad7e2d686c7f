#include "safety/words/words.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "base/text.h"

namespace braid::words {

namespace {

struct Word {
    std::string folded;
    Hit place;
};

// Lower case and without accents.
std::string fold(std::string_view word) {
    if (std::all_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return ascii_lower(word);
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* casefold = icu::Normalizer2::getNFKCCasefoldInstance(status);
    const icu::Normalizer2* decompose = icu::Normalizer2::getNFDInstance(status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no normalisation data");
    const icu::UnicodeString read =
        icu::UnicodeString::fromUTF8({word.data(), static_cast<std::int32_t>(word.size())});
    const icu::UnicodeString parts = decompose->normalize(casefold->normalize(read, status), status);
    icu::UnicodeString bare;
    for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
        if (u_charType(parts.char32At(i)) != U_NON_SPACING_MARK) bare.append(parts.char32At(i));
    }
    std::string out;
    bare.toUTF8String(out);
    return out;
}

bool is_part(UChar32 c) {
    return c >= 0 &&
           (u_isalnum(c) != 0 || u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_FORMAT_CHAR);
}

// Runs of letters and digits.
std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto length = static_cast<std::int32_t>(std::min<std::size_t>(text.size(), INT32_MAX));
    std::size_t point = 0;
    bool inside = false;
    for (std::int32_t next = 0; next < length; ++point) {
        const std::int32_t begin = next;
        UChar32 c = 0;
        U8_NEXT(bytes, next, length, c);
        if (c < 0) next = begin + 1;
        const bool part = is_part(c);
        if (part && !inside)
            words.push_back(
                {{}, {point, point, static_cast<std::size_t>(begin), static_cast<std::size_t>(begin)}});
        if (part) {
            words.back().place.end = point + 1;
            words.back().place.end_byte = static_cast<std::size_t>(next);
        }
        inside = part;
    }
    for (Word& word : words)
        word.folded = fold(text.substr(word.place.begin_byte, word.place.end_byte - word.place.begin_byte));
    return words;
}

}  // namespace

void WordList::add(std::string_view list) {
    for (const std::string_view line : split(list, '\n')) {
        const std::string_view entry = trim(line);
        if (entry.empty() || entry.front() == '#') continue;
        std::vector<std::string> rest;
        std::string first;
        for (Word& word : words_of(entry)) {
            if (first.empty()) {
                first = std::move(word.folded);
            } else {
                rest.push_back(std::move(word.folded));
            }
        }
        if (first.empty()) continue;
        auto& phrases = phrases_[first];
        if (std::find(phrases.begin(), phrases.end(), rest) != phrases.end()) continue;
        phrases.push_back(std::move(rest));
        std::stable_sort(phrases.begin(), phrases.end(),
                         [](const auto& a, const auto& b) { return a.size() > b.size(); });
        ++size_;
    }
}

std::vector<Hit> WordList::find(std::string_view text) const {
    const std::vector<Word> words = words_of(text);
    std::vector<Hit> hits;
    for (std::size_t w = 0; w < words.size(); ++w) {
        const auto there = phrases_.find(words[w].folded);
        if (there == phrases_.end()) continue;
        for (const std::vector<std::string>& rest : there->second) {
            if (rest.size() >= words.size() - w) continue;
            const bool same =
                std::equal(rest.begin(), rest.end(), words.begin() + static_cast<std::ptrdiff_t>(w) + 1,
                           [](const std::string& a, const Word& b) { return a == b.folded; });
            if (!same) continue;
            const Hit& last = words[w + rest.size()].place;
            hits.push_back({words[w].place.begin, last.end, words[w].place.begin_byte, last.end_byte});
            w += rest.size();
            break;
        }
    }
    return hits;
}

std::vector<Hit> Lists::find(std::string_view language, std::string_view text) const {
    std::vector<Hit> hits;
    for (const std::string_view of : {std::string_view(), language}) {
        const auto list = lists_.find(of);
        if (list == lists_.end()) continue;
        for (const Hit& hit : list->second.find(text)) {
            const bool known = std::any_of(hits.begin(), hits.end(), [&](const Hit& other) {
                return hit.begin < other.end && other.begin < hit.end;
            });
            if (!known) hits.push_back(hit);
        }
        if (language.empty()) break;
    }
    std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.begin < b.begin; });
    return hits;
}

std::size_t count_words(std::string_view text) {
    return words_of(text).size();
}

}  // namespace braid::words
