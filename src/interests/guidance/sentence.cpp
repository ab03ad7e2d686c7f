// Reasons in words.
#include <algorithm>

#include "interests/guidance/api.h"
#include "platform/i18n/i18n.h"

namespace braid::guidance {

namespace {

constexpr double kWorthSaying = 0.3;  // of the strongest

std::string of_act(const Reason& reason, i18n::Language language) {
    switch (reason.act) {
        case Act::finished:
            return i18n::format(language, _msg("guidance.you_finished"), {{"title", reason.title}});
        case Act::kudos:
            return i18n::format(language, _msg("guidance.you_gave_kudos"), {{"title", reason.title}});
        case Act::bookmark:
            return i18n::format(language, _msg("guidance.you_saved"), {{"title", reason.title}});
        case Act::read:
        case Act::follow:
            break;
    }
    return i18n::format(language, _msg("guidance.you_are_reading"), {{"title", reason.title}});
}

bool says_the_same(const Reason& a, const Reason& b) {
    return (a.work && a.work == b.work) || (a.topic && a.topic == b.topic);
}

}  // namespace

std::string clause(const Reason& reason, i18n::Language language) {
    switch (reason.source) {
        case Reason::Source::act:
            return of_act(reason, language);
        case Reason::Source::topic:
            return i18n::format(language, _msg("guidance.you_follow"), {{"topic", reason.label}});
        case Reason::Source::topic_of_work:
            return i18n::format(language, _msg("guidance.it_has_topic"),
                                {{"topic", reason.label}, {"title", reason.title}});
        case Reason::Source::reading:
            return i18n::format(language, _msg("guidance.you_just_read"), {{"title", reason.title}});
        case Reason::Source::fresh:
            return i18n::format(language, _msg("guidance.it_is_new"));
        case Reason::Source::few_readers:
            return i18n::format(language, _msg("guidance.few_readers"));
    }
    return {};
}

std::string sentence(const std::vector<Reason>& reasons, i18n::Language language) {
    const Reason* first = nullptr;
    const Reason* second = nullptr;
    for (const Reason& one : reasons) {
        if (one.source == Reason::Source::few_readers) {
            second = &one;
        } else if (first == nullptr) {
            first = &one;
        } else if (second == nullptr && one.source != Reason::Source::fresh &&
                   one.amount >= kWorthSaying * first->amount && !says_the_same(*first, one)) {
            second = &one;
        }
    }
    if (first == nullptr) std::swap(first, second);
    if (first == nullptr) return {};
    if (second == nullptr)
        return i18n::format(language, _msg("guidance.because"), {{"reason", clause(*first, language)}});
    return i18n::format(language, _msg("guidance.because_two"),
                        {{"first", clause(*first, language)}, {"second", clause(*second, language)}});
}

}  // namespace braid::guidance
