-- The app that makes codes. The secret is encrypted with a key made from the site's secret. A row that is not confirmed waits
-- for the first right code and counts for nothing.
CREATE TABLE code_apps (
    person BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    secret BYTEA NOT NULL,
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person, confirmed)
) /* clustered */;

-- Codes on paper, each for one use; only keyed hashes are kept.
CREATE TABLE recovery_codes (
    person BIGINT NOT NULL,
    code_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (person, code_hash)
) /* clustered */;
