-- A person as others meet her. The month of birth, and no day: enough for the age band to grow up by itself.
CREATE TABLE persons (
    id BIGINT PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    birth_year BIGINT NOT NULL,
    birth_month BIGINT NOT NULL,
    bio TEXT NOT NULL,
    bio_html TEXT NOT NULL,
    bio_sanitiser BIGINT NOT NULL,
    language TEXT NOT NULL,
    listed BIGINT NOT NULL,
    role_bits BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- How a person proves who she is. Apart, so that no query about people ever reads a secret.
CREATE TABLE person_credentials (
    person BIGINT PRIMARY KEY REFERENCES persons (id),
    password_hash TEXT NOT NULL,
    email TEXT UNIQUE,
    changed_at BIGINT NOT NULL
);

-- Who gave which role and when; persons.role_bits is the sum, written in the same transaction.
CREATE TABLE person_roles (
    person BIGINT NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL,
    granted_by BIGINT,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (person, role)
) /* clustered */;

-- An address that waits for its owner to follow the link. Only the hash of the link's token is stored.
CREATE TABLE email_changes (
    token_hash TEXT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES persons (id),
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX email_changes_of_person ON email_changes (person, created_at);
CREATE INDEX email_changes_expiry ON email_changes (expires_at);

CREATE TABLE password_resets (
    token_hash TEXT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES persons (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_resets_of_person ON password_resets (person, created_at);
CREATE INDEX password_resets_expiry ON password_resets (expires_at);

-- What identity/sessions reads to know who is asking, in the one query it makes for each request.
CREATE VIEW person_faces AS
    SELECT id, handle, display_name, birth_year, birth_month, language, role_bits FROM persons;
