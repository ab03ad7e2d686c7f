#include "identity/sessions/words.h"

namespace braid::sessions {

std::vector<shell::Choice> languages() {
    std::vector<shell::Choice> choices;
    for (const i18n::Language language : i18n::kLanguages)
        choices.push_back({i18n::tag(language), i18n::own_name(language)});
    return choices;
}

std::vector<shell::Choice> token_days() {
    return {{"7", _msg("sessions.tokens.days_7")},
            {"30", _msg("sessions.tokens.days_30")},
            {"90", _msg("sessions.tokens.days_90")},
            {"365", _msg("sessions.tokens.days_365")}};
}

std::string agent_words(i18n::Language language, const SessionLine& session) {
    if (session.browser.empty() && session.system.empty())
        return i18n::format(language, _msg("sessions.agent.unknown"));
    if (session.browser.empty())
        return i18n::format(language, _msg("sessions.agent.system"), {{"system", session.system}});
    if (session.system.empty()) return session.browser;
    return i18n::format(language, _msg("sessions.agent.both"),
                        {{"browser", session.browser}, {"system", session.system}});
}

}  // namespace braid::sessions
