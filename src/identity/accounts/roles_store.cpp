#include "identity/accounts/roles_store.h"

namespace braid::accounts::store {

namespace {

const sql::Query kGrants{"accounts.list_grants", R"(
    SELECT role, scope_kind, scope, granted_by, granted_at, expires_at FROM person_roles
    WHERE person = $1 AND (expires_at IS NULL OR expires_at > $2)
    ORDER BY scope_kind DESC, scope, role LIMIT 500)"};

const sql::Query kSiteRoles{"accounts.site_roles", R"(
    SELECT role FROM person_roles
    WHERE person = $1 AND scope_kind = 'site' AND scope = 0 AND (expires_at IS NULL OR expires_at > $2)
    ORDER BY role LIMIT 16)"};

const sql::Query kHolds{"accounts.holds_role", R"(
    SELECT COUNT(*) FROM person_roles
    WHERE person = $1 AND role = $2 AND scope_kind = $3 AND scope = $4 AND (expires_at IS NULL OR expires_at > $5))"};

const sql::Query kCountOnSite{"accounts.count_role_on_site", R"(
    SELECT COUNT(*) FROM person_roles
    WHERE scope_kind = 'site' AND scope = 0 AND role = $1 AND (expires_at IS NULL OR expires_at > $2))"};

const sql::Query kPutGrant{"accounts.put_grant", R"(
    INSERT INTO person_roles (person, role, scope_kind, scope, granted_by, granted_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (person, role, scope_kind, scope)
    DO UPDATE SET granted_by = excluded.granted_by, granted_at = excluded.granted_at, expires_at = excluded.expires_at)"};

const sql::Query kDeleteGrant{"accounts.delete_grant", R"(
    DELETE FROM person_roles WHERE person = $1 AND role = $2 AND scope_kind = $3 AND scope = $4)"};

const sql::Query kEnded{"accounts.list_ended_grants", R"(
    SELECT person, role, scope_kind, scope FROM person_roles WHERE expires_at <= $1
    ORDER BY expires_at, person, role, scope_kind, scope LIMIT 500)"};

const sql::Query kFirstEnd{"accounts.first_end_of_roles", R"(
    SELECT MIN(expires_at) FROM person_roles WHERE person = $1 AND scope_kind = 'site' AND scope = 0 AND expires_at > $2)"};

const sql::Query kSetRoleBits{"accounts.set_role_bits",
                              "UPDATE persons SET role_bits = $2, roles_until = $3 WHERE id = $1"};

const sql::Query kFindPeople{"accounts.find_people", R"(
    SELECT p.id FROM persons p LEFT JOIN person_credentials c ON c.person = p.id
    WHERE substr(p.handle, 1, length(CAST($1 AS TEXT))) = $1 OR c.email = $1
    ORDER BY p.handle LIMIT $2)"};

const sql::Query kWithRole{"accounts.list_people_with_role", R"(
    SELECT p.id FROM persons p
    WHERE EXISTS (SELECT 1 FROM person_roles r WHERE r.person = p.id AND r.role = $1 AND (r.expires_at IS NULL OR r.expires_at > $2))
    ORDER BY p.handle LIMIT $3)"};

const sql::Query kWithAnyRole{"accounts.list_people_with_any_role", R"(
    SELECT p.id FROM persons p
    WHERE EXISTS (SELECT 1 FROM person_roles r WHERE r.person = p.id AND r.role <> 'learner' AND (r.expires_at IS NULL OR r.expires_at > $1))
    ORDER BY p.handle LIMIT $2)"};

struct GrantRow {
    Role role;
    ScopeKind kind;
    std::int64_t scope;
    std::optional<PersonId> by;
    Timestamp at;
    std::optional<Timestamp> until;
};

void sum_roles(sql::Tx& tx, PersonId person, Timestamp now) {
    std::int64_t bits = 0;
    for (const Role role : site_roles(tx, person, now))
        bits |= std::int64_t{1} << static_cast<unsigned>(role);
    tx.run(kSetRoleBits, person, bits, tx.one<std::optional<Timestamp>>(kFirstEnd, person, now));
}

}  // namespace

std::vector<Grant> grants(sql::Session& session, PersonId person, Timestamp now) {
    std::vector<Grant> grants;
    for (const GrantRow& row : session.all<GrantRow>(kGrants, person, now))
        grants.push_back({row.role, {row.kind, row.scope}, row.by, row.at, row.until});
    return grants;
}

std::vector<Role> site_roles(sql::Session& session, PersonId person, Timestamp now) {
    return session.all<Role>(kSiteRoles, person, now);
}

bool holds(sql::Session& session, PersonId person, Role role, const RoleScope& scope, Timestamp now) {
    return session.one<std::int64_t>(kHolds, person, role, scope.kind, scope.id, now) != 0;
}

int count_on_site(sql::Session& session, Role role, Timestamp now) {
    return session.one<int>(kCountOnSite, role, now);
}

void put_grant(sql::Tx& tx, const GrantRight&, PersonId person, const Grant& grant, Timestamp now) {
    tx.run(kPutGrant, person, grant.role, grant.scope.kind, grant.scope.id, grant.granted_by,
           grant.granted_at, grant.until);
    sum_roles(tx, person, now);
}

bool delete_grant(sql::Tx& tx, const RevokeRight&, PersonId person, Role role, const RoleScope& scope,
                  Timestamp now) {
    const bool gone = tx.run(kDeleteGrant, person, role, scope.kind, scope.id) != 0;
    sum_roles(tx, person, now);
    return gone;
}

std::vector<Ended> delete_ended(sql::Tx& tx, Timestamp now) {
    auto ended = tx.all<Ended>(kEnded, now);
    for (const Ended& one : ended)
        tx.run(kDeleteGrant, one.person, one.role, one.kind, one.scope);
    for (const Ended& one : ended)
        sum_roles(tx, one.person, now);
    return ended;
}

std::vector<PersonId> find_people(sql::Session& session, std::string_view words, int limit) {
    return session.all<PersonId>(kFindPeople, words, limit);
}

std::vector<PersonId> with_role(sql::Session& session, std::optional<Role> role, Timestamp now, int limit) {
    return role ? session.all<PersonId>(kWithRole, *role, now, limit)
                : session.all<PersonId>(kWithAnyRole, now, limit);
}

}  // namespace braid::accounts::store
