-- What a school's roster calls people, organisations and classes, so that reading it again changes what is here instead of
-- making it twice. `source`: which roster, where there are several.
CREATE TABLE roster_people (
    source TEXT NOT NULL,
    sourced_id TEXT NOT NULL,
    person BIGINT,                       -- accounts: person; none: waits for a guardian's consent; 0: erased, not to be made again
    request BIGINT,                      -- guardians: the request she waits by
    given_name TEXT NOT NULL,            -- the display name she was given; another one she chose herself
    line BIGINT NOT NULL,                -- checksum of what was read
    left_at BIGINT NOT NULL,             -- 0: is on the roster
    PRIMARY KEY (source, sourced_id)
) /* clustered */;
CREATE INDEX roster_people_of ON roster_people (person);

CREATE TABLE roster_organisations (
    source TEXT NOT NULL,
    sourced_id TEXT NOT NULL,
    id BIGINT NOT NULL,                  -- what roles are scoped to
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,                -- its sourced id; ""
    left_at BIGINT NOT NULL,
    PRIMARY KEY (source, sourced_id)
) /* clustered */;
CREATE UNIQUE INDEX roster_organisations_id ON roster_organisations (id);

CREATE TABLE roster_classes (
    source TEXT NOT NULL,
    sourced_id TEXT NOT NULL,
    id BIGINT NOT NULL,                  -- what roles are scoped to, as a space
    organisation BIGINT NOT NULL,
    title TEXT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    left_at BIGINT NOT NULL,
    PRIMARY KEY (source, sourced_id)
) /* clustered */;
CREATE UNIQUE INDEX roster_classes_id ON roster_classes (id);

-- The roles a roster gave, so that it takes none that others gave. `sourced_id`: of the row of roles.csv or enrollments.csv;
-- of the user in version 1.1.
CREATE TABLE roster_roles (
    source TEXT NOT NULL,
    file TEXT NOT NULL,                  -- users, roles, enrollments
    sourced_id TEXT NOT NULL,
    person BIGINT NOT NULL,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,                 -- organisation:ID, space:ID
    ends_at BIGINT NOT NULL,             -- 0: no end is known
    PRIMARY KEY (source, file, sourced_id, role, scope)
) /* clustered */;
CREATE INDEX roster_roles_of ON roster_roles (person, role, scope);
