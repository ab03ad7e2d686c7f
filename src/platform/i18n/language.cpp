// Which languages there are, and which a browser asks for.

#include <algorithm>

#include "base/text.h"
#include "platform/i18n/i18n.h"

namespace braid::i18n {

std::string_view tag(Language language) {
    return language == Language::es ? "es" : "en";
}

std::string_view own_name(Language language) {
    return language == Language::es ? "Español" : "English";
}

bool parse_language(std::string_view tag_text, Language& out) {
    for (const Language language : kLanguages) {
        if (ascii_iequals(tag_text, tag(language))) {
            out = language;
            return true;
        }
    }
    return false;
}

namespace {

// RFC 9110 section 12.4.2: 0 to 1 with at most three decimals, as thousandths; -1 when it is not one.
int quality(std::string_view text) {
    if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5 ||
        (text.size() > 1 && text[1] != '.'))
        return -1;
    int value = 0, factor = 100;
    for (std::size_t i = 2; i < text.size(); ++i, factor /= 10) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value += (text[i] - '0') * factor;
    }
    return text[0] == '1' ? (value == 0 ? 1000 : -1) : value;
}

}  // namespace

Language negotiate(std::string_view accept_language) {
    // A language is liked as much as the range that names it says ("es-PE" counts for es); the first of
    // equals wins.
    int liked[std::size(kLanguages)];
    std::fill(std::begin(liked), std::end(liked), -1);
    int any = 0;
    Language best = Language::en;
    int best_quality = 0;
    int ranges = 0;
    for (const auto item : split(accept_language, ',')) {
        if (++ranges > 32) break;
        const auto parts = split(item, ';');
        const auto range = trim(parts[0]);
        int q = 1000;
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const auto parameter = trim(parts[i]);
            if (parameter.size() >= 2 && (parameter[0] == 'q' || parameter[0] == 'Q') &&
                parameter[1] == '=') {
                q = quality(parameter.substr(2));
            }
        }
        if (q < 0) continue;
        if (range == "*") {
            any = q;
            continue;
        }
        Language language{};
        if (!parse_language(range.substr(0, range.find('-')), language)) continue;
        int& mine = liked[static_cast<std::size_t>(language)];
        mine = std::max(mine, q);
        if (mine > best_quality) {
            best_quality = mine;
            best = language;
        }
    }
    // "*" is for the languages that no range names.
    for (const Language language : kLanguages) {
        if (liked[static_cast<std::size_t>(language)] < 0 && any > best_quality) {
            best_quality = any;
            best = language;
        }
    }
    return best;
}

}  // namespace braid::i18n
