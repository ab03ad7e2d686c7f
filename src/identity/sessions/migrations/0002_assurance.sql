-- How surely this browser's person is known: 1 by the password, 2 by a second factor too; and when she last showed one.
ALTER TABLE sessions ADD COLUMN assurance BIGINT NOT NULL DEFAULT 1;
ALTER TABLE sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
-- Of the session a token was made in.
ALTER TABLE api_tokens ADD COLUMN assurance BIGINT NOT NULL DEFAULT 1;

-- A right password where a second factor is asked for: not in yet, for ten minutes at most. The token is in a cookie alone.
CREATE TABLE sign_in_steps (
    token_hash TEXT PRIMARY KEY,
    person BIGINT NOT NULL,
    next_path TEXT NOT NULL,
    remember BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) /* clustered */;
CREATE INDEX sign_in_steps_expiry ON sign_in_steps (expires_at);
