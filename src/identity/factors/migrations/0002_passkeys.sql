-- Keys that a device or a stick holds for its owner; here is the public half (COSE) and how often it was used.
CREATE TABLE passkeys (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    credential TEXT NOT NULL UNIQUE,
    cose_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_of_person ON passkeys (person, created_at);

-- Challenges that were answered, until they would have run out anyway.
CREATE TABLE used_challenges (
    challenge_hash TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
) /* clustered */;
CREATE INDEX used_challenges_expiry ON used_challenges (expires_at);
