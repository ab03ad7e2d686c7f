-- A link that gives a role once. Only the hash of its token is kept.
CREATE TABLE invitations (
    id BIGINT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope BIGINT NOT NULL,
    role_until BIGINT,
    note TEXT NOT NULL,
    invited_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_by BIGINT,
    used_at BIGINT
);
CREATE INDEX invitations_of_giver ON invitations (invited_by, created_at);
CREATE INDEX invitations_of_taker ON invitations (used_by);
CREATE INDEX invitations_expiry ON invitations (expires_at);
