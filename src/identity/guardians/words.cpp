#include "identity/guardians/words.h"

namespace braid::guardians {

std::string_view label_of(Choice choice) {
    switch (choice) {
        case Choice::publish:
            return _msg("guardians.choice.publish");
        case Choice::publish_openly:
            return _msg("guardians.choice.publish_openly");
        case Choice::comment:
            return _msg("guardians.choice.comment");
        case Choice::be_listed:
            return _msg("guardians.choice.be_listed");
        case Choice::mentors:
            return _msg("guardians.choice.mentors");
    }
    return {};
}

std::string_view hint_of(Choice choice) {
    switch (choice) {
        case Choice::publish:
            return _msg("guardians.choice.publish_hint");
        case Choice::publish_openly:
            return _msg("guardians.choice.publish_openly_hint");
        case Choice::comment:
            return _msg("guardians.choice.comment_hint");
        case Choice::be_listed:
            return _msg("guardians.choice.be_listed_hint");
        case Choice::mentors:
            return _msg("guardians.choice.mentors_hint");
    }
    return {};
}

std::string_view label_of(Method method) {
    switch (method) {
        case Method::email_plus:
            return _msg("guardians.method.email_plus");
        case Method::account:
            return _msg("guardians.method.account");
        case Method::signed_form:
            return _msg("guardians.method.signed_form");
        case Method::school:
            return _msg("guardians.method.school");
        case Method::accepted:
            return _msg("guardians.method.accepted");
    }
    return {};
}

std::string_view label_of(What what) {
    constexpr std::string_view kLabels[] = {
        _msg("guardians.log.consented"),     _msg("guardians.log.confirmed"),
        _msg("guardians.log.recorded"),      _msg("guardians.log.connected"),
        _msg("guardians.log.choices"),       _msg("guardians.log.corrected"),
        _msg("guardians.log.withdrew"),      _msg("guardians.log.returned"),
        _msg("guardians.log.invited"),       _msg("guardians.log.accepted"),
        _msg("guardians.log.ended"),         _msg("guardians.log.past_consent"),
        _msg("guardians.log.of_age"),        _msg("guardians.log.asked_data"),
        _msg("guardians.log.asked_erasure"), _msg("guardians.log.kept_account"),
        _msg("guardians.log.foretold"),
    };
    return kLabels[static_cast<std::size_t>(what)];
}

std::string field_of(Choice choice) {
    return "choice_" + std::string(sql::detail::enum_name(choice));
}

Choices choices_of(const http::Form& form) {
    Choices choices;
    for (const Choice choice : kAllChoices) {
        if (form.get(field_of(choice)) == "1") choices = choices.with(choice);
    }
    return choices;
}

std::vector<shell::Choice> desk_methods(bool forms) {
    std::vector<shell::Choice> choices;
    if (forms) {
        choices.push_back({sql::detail::enum_name(Method::signed_form), _msg("guardians.method.signed_form"),
                           _msg("guardians.desk.form_text")});
    }
    choices.push_back({sql::detail::enum_name(Method::school), _msg("guardians.method.school"),
                       _msg("guardians.desk.school_text")});
    return choices;
}

std::string month_text(int month) {
    return month == 0 ? std::string() : std::to_string(month);
}

}  // namespace braid::guardians
