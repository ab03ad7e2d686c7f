-- A role is held on the whole site, in one organisation or in one space, perhaps until a day.
-- scope: the id of the organisation or space; 0 for the site.
CREATE TABLE role_grants (
    person BIGINT NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope BIGINT NOT NULL,
    granted_by BIGINT,
    granted_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (person, role, scope_kind, scope)
) /* clustered */;
INSERT INTO role_grants (person, role, scope_kind, scope, granted_by, granted_at, expires_at)
    SELECT person, role, 'site', 0, granted_by, granted_at, NULL FROM person_roles;
DROP TABLE person_roles;
ALTER TABLE role_grants RENAME TO person_roles;
CREATE INDEX person_roles_of_scope ON person_roles (scope_kind, scope, role, person);
CREATE INDEX person_roles_expiry ON person_roles (expires_at);

-- When the first of the roles in role_bits ends; NULL: none does.
ALTER TABLE persons ADD COLUMN roles_until BIGINT;

DROP VIEW person_faces;
CREATE VIEW person_faces AS
    SELECT id, handle, display_name, birth_year, birth_month, language, role_bits, roles_until FROM persons;
