// Roles: where one is held, until when, and who may give it. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "access/actor.h"

namespace braid::accounts {

using access::PersonId;
using access::Role;

enum class ScopeKind { site, organisation, space };

// Where a role is held. `id` is that of the organisation or space, 0 for the site.
struct RoleScope {
    ScopeKind kind = ScopeKind::site;
    std::int64_t id = 0;
    friend bool operator==(const RoleScope&, const RoleScope&) = default;

    // "site", "organisation:1c4gzk0e5m", "space:1c4gzk0e5m".
    [[nodiscard]] std::string text() const;
    static std::optional<RoleScope> parse(std::string_view text);
};

struct Grant {
    Role role = Role::learner;
    RoleScope scope;
    std::optional<PersonId> granted_by;  // nothing: at the console
    Timestamp granted_at;
    std::optional<Timestamp> until;
};

// Who may give and take what:
//   an administrator of the site: every role anywhere;
//   a coordinator of the site: learner, mentor and educator anywhere, coordinator in organisations and
//   spaces; a coordinator of an organisation or space: learner, mentor, educator and coordinator in it; an
//   educator of an organisation or space: learner in it.
// A role is never given for longer than the one it is given by; `until` of nothing is for ever. The roles of
// moderator, administrator and guardian are held on the site alone. `own` are the grants in force of who
// gives.
enum class Grantable { no, yes, not_so_long, not_there };
Grantable may_grant(std::span<const Grant> own, Role role, const RoleScope& scope,
                    std::optional<Timestamp> until);

// Whether there is any role that they let one give.
bool gives_roles(std::span<const Grant> own);

// Whether giving or taking it can change much for others: moderator, administrator, coordinator of the site.
bool is_grave(Role role, const RoleScope& scope);

std::optional<Role> parse_role(std::string_view name);

}  // namespace braid::accounts

template <>
struct braid::sql::EnumNames<braid::accounts::ScopeKind> {
    static constexpr std::array<std::string_view, 3> names{"site", "organisation", "space"};
};
