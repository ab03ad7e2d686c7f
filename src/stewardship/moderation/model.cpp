#include "stewardship/moderation/model.h"

#include "base/text.h"
#include "platform/i18n/i18n.h"

namespace braid::moderation {

using std::chrono::hours;

Duration time_to_look(Category category) {
    switch (category) {
        case Category::imminent_harm:
            return hours(1);
        case Category::grooming:
            return hours(4);
        default:
            return hours(24);
    }
}

bool needs_two(std::string_view kind, Measure measure, std::optional<Duration> length) {
    switch (measure) {
        case Measure::remove_account:
            return true;
        case Measure::remove:
            return kind != "comment";
        case Measure::suspend:
            return !length || *length > kLongestAlone;
        default:
            return false;
    }
}

bool is_about_object(Measure measure) {
    return measure == Measure::hide || measure == Measure::rerate || measure == Measure::remove;
}

bool lasts(Measure measure) {
    return measure != Measure::dismiss && measure != Measure::warn;
}

Result<std::string> check_words(std::string_view field, std::string_view typed, Words words) {
    if (!is_valid_utf8(typed)) return invalid(std::string(field), _msg("moderation.words_unreadable"));
    std::string text;
    for (const char c : trim(typed)) {
        if (c != '\r') text += c;
    }
    if (text.empty() && words == Words::required)
        return invalid(std::string(field), _msg("moderation.words_missing"));
    if (count_code_points(text) > kMostWords)
        return invalid(std::string(field), _msg("moderation.words_long"));
    return text;
}

namespace {

template <class Enum>
std::optional<Enum> parse(std::string_view name) {
    const auto& names = sql::EnumNames<Enum>::names;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

}  // namespace

std::optional<Category> parse_category(std::string_view name) {
    return parse<Category>(name);
}
std::optional<Measure> parse_measure(std::string_view name) {
    return parse<Measure>(name);
}

std::optional<Thing> thing_at(std::string_view address, std::string_view public_url) {
    address = trim(address);
    if (!public_url.empty() && address.starts_with(public_url)) address.remove_prefix(public_url.size());
    if (!address.starts_with("/works/")) return std::nullopt;
    const auto id_after = [&](std::string_view mark) -> std::optional<std::int64_t> {
        const auto at = address.find(mark);
        if (at == std::string_view::npos) return std::nullopt;
        const std::string_view rest = address.substr(at + mark.size());
        return id_from_text(rest.substr(0, rest.find_first_of("/?#&")));
    };
    if (const auto comment = id_after("#c-")) return Thing{"comment", *comment};
    if (const auto thread = id_after("/comments?thread=")) return Thing{"comment", *thread};
    if (const auto chapter = id_after("/chapters/")) return Thing{"chapter", *chapter};
    if (const auto work = id_after("/works/")) return Thing{"work", *work};
    return std::nullopt;
}

std::string_view category_key(Category category) {
    static constexpr std::array<std::string_view, kCategories> keys{
        _msg("moderation.category.imminent_harm"),
        _msg("moderation.category.grooming"),
        _msg("moderation.category.sexual"),
        _msg("moderation.category.bullying"),
        _msg("moderation.category.personal_details"),
        _msg("moderation.category.hate"),
        _msg("moderation.category.violence"),
        _msg("moderation.category.stolen"),
        _msg("moderation.category.spam"),
        _msg("moderation.category.other")};
    return keys[static_cast<std::size_t>(category)];
}

std::string_view category_hint_key(Category category) {
    static constexpr std::array<std::string_view, kCategories> keys{_msg("moderation.hint.imminent_harm"),
                                                                    _msg("moderation.hint.grooming"),
                                                                    _msg("moderation.hint.sexual"),
                                                                    _msg("moderation.hint.bullying"),
                                                                    _msg("moderation.hint.personal_details"),
                                                                    _msg("moderation.hint.hate"),
                                                                    _msg("moderation.hint.violence"),
                                                                    _msg("moderation.hint.stolen"),
                                                                    _msg("moderation.hint.spam"),
                                                                    _msg("moderation.hint.other")};
    return keys[static_cast<std::size_t>(category)];
}

std::string_view measure_key(Measure measure) {
    static constexpr std::array<std::string_view, kMeasures> keys{
        _msg("moderation.measure.dismiss"), _msg("moderation.measure.warn"),
        _msg("moderation.measure.hide"),    _msg("moderation.measure.rerate"),
        _msg("moderation.measure.quiet"),   _msg("moderation.measure.suspend"),
        _msg("moderation.measure.remove"),  _msg("moderation.measure.remove_account")};
    return keys[static_cast<std::size_t>(measure)];
}

std::string_view decision_state_key(DecisionState state) {
    static constexpr std::array<std::string_view, 7> keys{
        _msg("moderation.state.proposed"), _msg("moderation.state.in_force"),
        _msg("moderation.state.done"),     _msg("moderation.state.ended"),
        _msg("moderation.state.lifted"),   _msg("moderation.state.overturned"),
        _msg("moderation.state.refused")};
    return keys[static_cast<std::size_t>(state)];
}

}  // namespace braid::moderation
