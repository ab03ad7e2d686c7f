// Giving, taking and asking for roles.
#include "base/text.h"
#include "identity/accounts/events.h"
#include "identity/accounts/roles_store.h"
#include "identity/accounts/service.h"
#include "identity/accounts/store.h"

namespace braid::accounts {

namespace {

constexpr int kFoundAtMost = 50;

// What who gives holds herself. The console is an administrator without an account.
std::vector<Grant> own_grants(sql::Session& session, const Actor& by, Timestamp now) {
    if (by.person && by.person->value != 0) return store::grants(session, *by.person, now);
    std::vector<Grant> grants;
    if (by.has(Role::administrator)) grants.push_back({.role = Role::administrator});
    return grants;
}

std::optional<PersonId> giver(const Actor& by) {
    return by.person && by.person->value != 0 ? by.person : std::nullopt;
}

}  // namespace

std::vector<Role> Service::roles(sql::Session& session, PersonId person) const {
    return store::site_roles(session, person, clock_.now());
}

std::vector<Grant> Service::grants(sql::Session& session, PersonId person) const {
    return store::grants(session, person, clock_.now());
}

bool Service::holds(sql::Session& session, PersonId person, Role role, const RoleScope& scope) const {
    return store::holds(session, person, role, scope, clock_.now());
}

Result<void> Service::grant(const Actor& by, PersonId person, Role role, const RoleScope& scope,
                            std::optional<Timestamp> until) {
    return database_.write(
        [&](sql::Tx& tx) -> Result<void> { return grant_in(tx, by, person, role, scope, until); });
}

Result<void> Service::grant_in(sql::Tx& tx, const Actor& by, PersonId person, Role role,
                               const RoleScope& scope, std::optional<Timestamp> until) {
    const Timestamp now = clock_.now();
    if (until && *until <= now) return invalid("until", _msg("accounts.role_until_past"));
    const Grantable grantable = may_grant(own_grants(tx, by, now), role, scope, until);
    const auto row = store::person(tx, person);
    // Who may give nothing learns nothing of who is there either.
    if (!row && grantable == Grantable::yes) return not_found("no such person");
    const AgeBand band = row ? band_at({row->birth_year, row->birth_month}, now) : AgeBand::child;
    const auto permit = TRY(access::permit<GrantRole>(by, {person, grantable, role, band}));
    store::put_grant(tx, permit, person, {role, scope, giver(by), now, until}, now);
    tell_roles(tx, person, role, scope, true);
    return {};
}

Result<void> Service::revoke(const Actor& by, PersonId person, Role role, const RoleScope& scope) {
    return database_.write([&](sql::Tx& tx) { return revoke_in(tx, by, person, role, scope); });
}

Result<void> Service::revoke_in(sql::Tx& tx, const Actor& by, PersonId person, Role role,
                                const RoleScope& scope) {
    const Timestamp now = clock_.now();
    const auto own = own_grants(tx, by, now);
    const bool held = store::holds(tx, person, role, scope, now);
    RevokeRole::Facts facts{person, may_grant(own, role, scope, now), false};
    facts.last_administrator = held && role == Role::administrator && by.person && by.person->value != 0 &&
                               store::count_on_site(tx, role, now) == 1;
    const auto permit = TRY(access::permit<RevokeRole>(by, facts));
    if (!store::person(tx, person)) return not_found("no such person");
    if (!held) return {};
    store::delete_grant(tx, permit, person, role, scope, now);
    tell_roles(tx, person, role, scope, false);
    return {};
}

Result<void> Service::set_role(const Actor& by, PersonId person, Role role, bool granted) {
    return granted ? grant(by, person, role, {}, std::nullopt) : revoke(by, person, role, {});
}

// What somebody younger than was thought may not hold. By a correction of her birth month.
void Service::take_roles_too_old(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person,
                                 AgeBand band) {
    const Timestamp now = clock_.now();
    for (const Grant& grant : store::grants(tx, person, now)) {
        if (access::least_band(grant.role) <= band) continue;
        store::delete_grant(tx, permit, person, grant.role, grant.scope, now);
        tell_roles(tx, person, grant.role, grant.scope, false);
    }
}

void Service::tell_roles(sql::Tx& tx, PersonId person, Role role, const RoleScope& scope, bool granted) {
    // v1 knew roles of the site alone; who listens to it still hears of those.
    if (scope.kind == ScopeKind::site)
        outbox_.append(tx, RolesChanged{person.text(), std::string(access::name(role)), granted});
    outbox_.append(tx,
                   ScopedRoleChanged{person.text(), std::string(access::name(role)), scope.text(), granted});
}

Result<std::vector<PersonFound>> Service::find_people(const Actor& by, std::string_view typed,
                                                      std::optional<Role> role) const {
    TRY(access::permit<SeePeople>(by, {}));
    std::string words = ascii_lower(trim(typed));
    if (words.starts_with('@')) words.erase(0, 1);
    if (!words.empty() && !is_valid_utf8(words)) return std::vector<PersonFound>{};
    const Timestamp now = clock_.now();
    return database_.read([&](sql::Reader& reader) {
        const auto ids = words.empty() ? store::with_role(reader, role, now, kFoundAtMost)
                                       : store::find_people(reader, words, kFoundAtMost);
        std::vector<PersonFound> found;
        for (const PersonId id : ids) {
            auto card = this->card(reader, id);
            if (card) found.push_back({std::move(*card), store::grants(reader, id, now)});
        }
        return found;
    });
}

void Service::end_roles() {
    bool more = true;
    while (more) {
        database_.with_tx([&](sql::Tx& tx) {
            const auto ended = store::delete_ended(tx, clock_.now());
            for (const store::Ended& one : ended)
                tell_roles(tx, one.person, one.role, {one.kind, one.scope}, false);
            more = ended.size() == 500;
            return true;
        });
    }
}

}  // namespace braid::accounts
