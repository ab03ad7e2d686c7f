#include "interests/search/query.h"

#include <algorithm>

#include "interests/search/service.h"
#include "interests/search/terms.h"

namespace braid::search {

std::vector<Wanted> parse(std::string_view typed) {
    std::vector<Wanted> wanted;
    bool quoted = false;
    std::size_t checked = 0;
    bool fresh = true;  // the next word of a phrase begins one
    for (const Token& token : tokens_of(typed)) {
        for (; checked < token.from; ++checked) {
            if (typed[checked] != '"') continue;
            quoted = !quoted;
            fresh = true;
        }
        if (quoted && !fresh) {
            if (wanted.back().words.size() < kMostGroups) wanted.back().words.push_back(token.word);
            continue;
        }
        if (wanted.size() == kMostGroups) break;
        const bool closed = typed.find('"', token.end) != std::string_view::npos;
        const bool phrase = quoted && closed;
        const bool prefix = !phrase && token.end < typed.size() && typed[token.end] == '*';
        wanted.push_back({{token.word}, phrase, prefix});
        if (phrase) fresh = false;
    }
    return wanted;
}

std::vector<sql::FulltextGroup> groups_of(const std::vector<Wanted>& wanted) {
    std::vector<sql::FulltextGroup> groups;
    for (const Wanted& one : wanted) {
        sql::FulltextGroup group{.any_of = {}, .prefix = one.prefix};
        for (const std::string_view language : {"en", "es", ""}) {
            sql::FulltextPhrase phrase;
            for (const std::string& word : one.words)
                phrase.push_back(term_of(word, language));
            if (std::ranges::find(group.any_of, phrase) == group.any_of.end())
                group.any_of.push_back(std::move(phrase));
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

std::string text_of(const std::vector<Wanted>& wanted) {
    std::string text;
    for (const Wanted& one : wanted) {
        if (!text.empty()) text += ' ';
        if (one.phrase) text += '"';
        for (std::size_t i = 0; i < one.words.size(); ++i)
            text += (i > 0 ? " " : "") + one.words[i];
        if (one.phrase) text += '"';
        if (one.prefix) text += '*';
    }
    return text;
}

}  // namespace braid::search
