#include "stewardship/moderation/words.h"

#include <algorithm>
#include <array>

namespace braid::moderation {

namespace {

std::string decided(i18n::Language language, const DecisionRow& decision, std::string_view title) {
    static constexpr std::array<std::string_view, kMeasures> kForGood{
        _msg("moderation.told.dismiss"), _msg("moderation.told.warn"),
        _msg("moderation.told.hide"),    _msg("moderation.told.rerate"),
        _msg("moderation.told.quiet"),   _msg("moderation.told.suspend"),
        _msg("moderation.told.remove"),  _msg("moderation.told.remove_account")};
    static constexpr std::array<std::string_view, kMeasures> kUntil{
        _msg("moderation.told.dismiss"),      _msg("moderation.told.warn"),
        _msg("moderation.told.hide_until"),   _msg("moderation.told.rerate_until"),
        _msg("moderation.told.quiet"),        _msg("moderation.told.suspend_until"),
        _msg("moderation.told.remove_until"), _msg("moderation.told.remove_account")};
    const auto measure = static_cast<std::size_t>(decision.measure);
    const bool ends = decision.ends_at.micros > 0;
    const std::string until = ends ? i18n::moment(language, decision.ends_at) : std::string();
    return i18n::format(language, ends ? kUntil[measure] : kForGood[measure],
                        {{"title", title}, {"until", until}});
}

}  // namespace

std::string notice_sentence(i18n::Language language, NoticeKind what, const DecisionRow* decision,
                            std::string_view title, Timestamp /*now*/) {
    switch (what) {
        case NoticeKind::decided:
            return decision != nullptr ? decided(language, *decision, title) : std::string();
        case NoticeKind::ended:
            return i18n::format(language, _msg("moderation.told.ended"), {{"title", title}});
        case NoticeKind::taken_back:
            return i18n::format(language, _msg("moderation.told.taken_back"), {{"title", title}});
        case NoticeKind::report_acted:
            return title.empty()
                       ? i18n::format(language, _msg("moderation.told.report_acted_untitled"))
                       : i18n::format(language, _msg("moderation.told.report_acted"), {{"title", title}});
        case NoticeKind::report_no_breach:
            return title.empty()
                       ? i18n::format(language, _msg("moderation.told.report_no_breach_untitled"))
                       : i18n::format(language, _msg("moderation.told.report_no_breach"), {{"title", title}});
        case NoticeKind::appeal_upheld:
            return i18n::format(language, _msg("moderation.told.appeal_upheld"), {{"title", title}});
        case NoticeKind::appeal_overturned:
            return i18n::format(language, _msg("moderation.told.appeal_overturned"), {{"title", title}});
    }
    return {};
}

std::string time_left(i18n::Language language, Timestamp due, Timestamp now) {
    const bool over = due < now;
    const std::int64_t minutes = (over ? now - due : due - now).count() / 60'000'000;
    const auto say = [&](std::string_view late, std::string_view left, std::int64_t n) {
        return i18n::format_plural(language, over ? late : left, n);
    };
    if (minutes < 60)
        return say(_msg("moderation.overdue_minutes"), _msg("moderation.due_minutes"),
                   std::max<std::int64_t>(minutes, 1));
    if (minutes < 48 * 60)
        return say(_msg("moderation.overdue_hours"), _msg("moderation.due_hours"), minutes / 60);
    return say(_msg("moderation.overdue_days"), _msg("moderation.due_days"), minutes / (24 * 60));
}

}  // namespace braid::moderation
