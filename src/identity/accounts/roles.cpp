#include "identity/accounts/roles.h"

#include <algorithm>

namespace braid::accounts {

namespace {

bool on_the_site_alone(Role role) {
    return role == Role::moderator || role == Role::administrator || role == Role::guardian;
}

// Whether holding `grant` lets one give `role` in `scope`, if it lasts.
bool opens(const Grant& grant, Role role, const RoleScope& scope) {
    const bool of_site = grant.scope.kind == ScopeKind::site;
    const bool teaching = role == Role::learner || role == Role::mentor || role == Role::educator;
    switch (grant.role) {
        case Role::administrator:
            return of_site;
        case Role::coordinator:
            if (of_site) return teaching || (role == Role::coordinator && scope.kind != ScopeKind::site);
            return grant.scope == scope && (teaching || role == Role::coordinator);
        case Role::educator:
            return !of_site && grant.scope == scope && role == Role::learner;
        default:
            return false;
    }
}

bool outlasts(std::optional<Timestamp> until, std::optional<Timestamp> own) {
    return own && (!until || *until > *own);
}

}  // namespace

std::string RoleScope::text() const {
    if (kind == ScopeKind::site) return "site";
    return std::string(sql::EnumNames<ScopeKind>::names[static_cast<std::size_t>(kind)]) + ":" +
           id_to_text(id);
}

std::optional<RoleScope> RoleScope::parse(std::string_view text) {
    if (text == "site") return RoleScope{};
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view kind = text.substr(0, colon);
    const auto id = id_from_text(text.substr(colon + 1));
    if (!id || (kind != "organisation" && kind != "space")) return std::nullopt;
    return RoleScope{kind == "space" ? ScopeKind::space : ScopeKind::organisation, *id};
}

Grantable may_grant(std::span<const Grant> own, Role role, const RoleScope& scope,
                    std::optional<Timestamp> until) {
    if (on_the_site_alone(role) && scope.kind != ScopeKind::site) return Grantable::not_there;
    auto answer = Grantable::no;
    for (const Grant& grant : own) {
        if (!opens(grant, role, scope)) continue;
        if (!outlasts(until, grant.until)) return Grantable::yes;
        answer = Grantable::not_so_long;
    }
    return answer;
}

bool gives_roles(std::span<const Grant> own) {
    return std::any_of(own.begin(), own.end(),
                       [](const Grant& grant) { return opens(grant, Role::learner, grant.scope); });
}

bool is_grave(Role role, const RoleScope& scope) {
    return role == Role::moderator || role == Role::administrator ||
           (role == Role::coordinator && scope.kind == ScopeKind::site);
}

std::optional<Role> parse_role(std::string_view name) {
    const auto& names = sql::EnumNames<Role>::names;
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) return std::nullopt;
    return static_cast<Role>(at - names.begin());
}

}  // namespace braid::accounts
