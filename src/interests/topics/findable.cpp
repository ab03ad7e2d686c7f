#include "interests/topics/findable.h"

#include <algorithm>

#include "platform/i18n/i18n.h"

namespace braid::topics {

namespace {

constexpr std::size_t kLookedAt = 50;

search::Match match_of(const Vocabulary& vocabulary, const Candidate& one, std::string_view language) {
    search::Match match{.url = "/topics/" + one.topic.text(),
                        .title = one.label,
                        .language = vocabulary.language_of(one.topic, language),
                        .note = {},
                        .seed = {}};
    if (!one.matched.empty() && one.matched != one.label) match.note = one.matched;
    return match;
}

}  // namespace

std::string_view Findable::label() const {
    return _msg("topics.title");
}

search::Matches Findable::find(sql::Session&, const access::Actor&, Timestamp, std::string_view words,
                               std::string_view language, std::size_t limit) const {
    const auto vocabulary = vocabularies_.current();
    auto found = vocabulary->complete(words, language, kLookedAt);
    for (Candidate& one : vocabulary->resolve(words, language).candidates)
        if (one.reason != Reason::part && found.size() < kLookedAt &&
            std::ranges::find(found, one.topic, &Candidate::topic) == found.end())
            found.push_back(std::move(one));
    search::Matches matches{
        .found = {}, .count = static_cast<int>(found.size()), .more = found.size() == kLookedAt};
    for (const Candidate& one : found) {
        if (matches.found.size() == limit) break;
        matches.found.push_back(match_of(*vocabulary, one, language));
    }
    return matches;
}

std::vector<search::Match> Findable::suggest(sql::Session&, const access::Actor&, std::string_view words,
                                             std::string_view language, std::size_t limit) const {
    const auto vocabulary = vocabularies_.current();
    std::vector<search::Match> matches;
    for (const Candidate& one : vocabulary->complete(words, language, limit))
        matches.push_back(match_of(*vocabulary, one, language));
    return matches;
}

}  // namespace braid::topics
