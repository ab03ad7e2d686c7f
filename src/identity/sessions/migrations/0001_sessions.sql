-- One row per browser that is signed in. The token is in the cookie alone; here is its BLAKE2b-256.
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    id BIGINT NOT NULL UNIQUE,
    person BIGINT NOT NULL,
    agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) /* clustered */;
CREATE INDEX sessions_of_person ON sessions (person, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_idle ON sessions (last_seen_at);

-- What programs show instead of a cookie.
CREATE TABLE api_tokens (
    token_hash TEXT PRIMARY KEY,
    id BIGINT NOT NULL UNIQUE,
    person BIGINT NOT NULL,
    name TEXT NOT NULL,
    scopes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT
) /* clustered */;
CREATE INDEX api_tokens_of_person ON api_tokens (person, created_at);
CREATE INDEX api_tokens_expiry ON api_tokens (expires_at);
