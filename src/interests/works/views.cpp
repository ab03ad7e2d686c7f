#include "interests/works/views.h"

#include <algorithm>

#include "platform/i18n/i18n.h"

namespace braid::works {

std::string_view who_key(Visibility visibility) {
    switch (visibility) {
        case Visibility::me:
            return _msg("works.who.me");
        case Visibility::signed_in:
            return _msg("works.who.signed_in");
        case Visibility::everyone:
            return _msg("works.who.everyone");
    }
    return {};
}

std::string_view rating_key(Rating rating) {
    switch (rating) {
        case Rating::everyone:
            return _msg("works.rating.everyone");
        case Rating::teen:
            return _msg("works.rating.teen");
        case Rating::mature:
            return _msg("works.rating.mature");
    }
    return {};
}

std::vector<shell::Choice> rating_choices(bool mature) {
    std::vector<shell::Choice> choices{
        {"everyone", _msg("works.rating.everyone"), _msg("works.rating.everyone.hint")},
        {"teen", _msg("works.rating.teen"), _msg("works.rating.teen.hint")}};
    if (mature) choices.push_back({"mature", _msg("works.rating.mature"), _msg("works.rating.mature.hint")});
    return choices;
}

std::vector<shell::Choice> visibility_choices() {
    return {{"me", _msg("works.visibility.me"), _msg("works.visibility.me.hint")},
            {"signed_in", _msg("works.visibility.signed_in"), _msg("works.visibility.signed_in.hint")},
            {"everyone", _msg("works.visibility.everyone"), _msg("works.visibility.everyone.hint")}};
}

std::vector<shell::Choice> licence_choices() {
    return {{"all_rights_reserved", _msg("works.licence.all_rights_reserved"),
             _msg("works.licence.all_rights_reserved.hint")},
            {"cc_by", "CC BY 4.0", _msg("works.licence.cc_by.hint")},
            {"cc_by_sa", "CC BY-SA 4.0", _msg("works.licence.cc_by_sa.hint")},
            {"cc_by_nc", "CC BY-NC 4.0", _msg("works.licence.cc_by_nc.hint")},
            {"cc_by_nc_sa", "CC BY-NC-SA 4.0", _msg("works.licence.cc_by_nc_sa.hint")},
            {"cc_by_nd", "CC BY-ND 4.0", _msg("works.licence.cc_by_nd.hint")},
            {"cc_by_nc_nd", "CC BY-NC-ND 4.0", _msg("works.licence.cc_by_nc_nd.hint")},
            {"cc0", "CC0 1.0", _msg("works.licence.cc0.hint")},
            {"public_domain", _msg("works.licence.public_domain"), _msg("works.licence.public_domain.hint")}};
}

std::vector<shell::Choice> status_choices() {
    return {{"ongoing", _msg("works.status.ongoing"), _msg("works.status.ongoing.hint")},
            {"complete", _msg("works.status.complete"), _msg("works.status.complete.hint")}};
}

std::vector<shell::Choice> comments_choices() {
    return {{"open", _msg("works.comments.open"), _msg("works.comments.open.hint")},
            {"frozen", _msg("works.comments.frozen"), _msg("works.comments.frozen.hint")},
            {"closed", _msg("works.comments.closed"), _msg("works.comments.closed.hint")}};
}

std::vector<shell::Choice> said_choices() {
    return {{"none", _msg("works.warnings.none"), _msg("works.warnings.none.hint")},
            {"some", _msg("works.warnings.some"), _msg("works.warnings.some.hint")},
            {"not_said", _msg("works.warnings.not_said"), _msg("works.warnings.not_said.hint")}};
}

std::vector<shell::Choice> language_choices() {
    std::vector<shell::Choice> choices;
    for (const LanguageChoice& language : languages())
        choices.push_back({language.code, language.own_name, {}});
    return choices;
}

std::vector<WarningChoice> warning_choices(const WorkForm& form) {
    static constexpr std::array<std::string_view, kWarnings> kLabels{
        _msg("works.warning.violence"),    _msg("works.warning.death"),
        _msg("works.warning.self_harm"),   _msg("works.warning.strong_language"),
        _msg("works.warning.frightening"), _msg("works.warning.bullying"),
        _msg("works.warning.substances")};
    std::vector<WarningChoice> choices;
    for (std::size_t i = 0; i < kWarnings; ++i) {
        const std::string_view name = warning_name(static_cast<Warning>(i));
        const bool checked =
            std::find(form.warnings.begin(), form.warnings.end(), name) != form.warnings.end();
        choices.push_back({name, kLabels[i], checked});
    }
    return choices;
}

}  // namespace braid::works
