-- The link with which the first administrator is made; at most one row, gone once it was used.
CREATE TABLE setup_links (
    id BIGINT PRIMARY KEY,               -- 1
    token_hash TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
