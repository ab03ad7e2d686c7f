#include "identity/roles/words.h"

namespace braid::roles {

using accounts::Role;
using accounts::RoleScope;
using accounts::ScopeKind;

std::string_view role_name(Role role) {
    switch (role) {
        case Role::learner:
            return _msg("roles.name.learner");
        case Role::mentor:
            return _msg("roles.name.mentor");
        case Role::educator:
            return _msg("roles.name.educator");
        case Role::coordinator:
            return _msg("roles.name.coordinator");
        case Role::guardian:
            return _msg("roles.name.guardian");
        case Role::moderator:
            return _msg("roles.name.moderator");
        case Role::administrator:
            return _msg("roles.name.administrator");
    }
    return _msg("roles.name.learner");
}

std::vector<shell::Choice> role_choices() {
    std::vector<shell::Choice> choices;
    for (const Role role : {Role::learner, Role::mentor, Role::educator, Role::guardian, Role::coordinator,
                            Role::moderator, Role::administrator}) {
        choices.push_back({access::name(role), role_name(role)});
    }
    return choices;
}

std::vector<shell::Choice> role_filter() {
    std::vector<shell::Choice> choices{{"", _msg("roles.filter_any")}};
    for (const shell::Choice& choice : role_choices())
        choices.push_back(choice);
    return choices;
}

std::string place(i18n::Language language, const RoleScope& scope) {
    const std::string id = id_to_text(scope.id);
    switch (scope.kind) {
        case ScopeKind::site:
            break;
        case ScopeKind::organisation:
            return i18n::format(language, _msg("roles.place_organisation"), {{"id", id}});
        case ScopeKind::space:
            return i18n::format(language, _msg("roles.place_space"), {{"id", id}});
    }
    return i18n::format(language, _msg("roles.place_site"));
}

}  // namespace braid::roles
