-- Files with everything that is held of a person, asked for by herself or by her guardian.
CREATE TABLE privacy_exports (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,              -- accounts: person whose data it is
    asked_by BIGINT NOT NULL,            -- accounts: person, herself or a guardian; the only one who may fetch it
    asked_at BIGINT NOT NULL,
    ready_at BIGINT NOT NULL,            -- 0: being made
    expires_at BIGINT NOT NULL,
    file TEXT NOT NULL,                  -- blob, '' before it is ready
    size BIGINT NOT NULL
);
CREATE INDEX privacy_exports_of ON privacy_exports (person, asked_by, id);
CREATE INDEX privacy_exports_by ON privacy_exports (asked_by, id);
CREATE INDEX privacy_exports_end ON privacy_exports (expires_at, id);

-- Accounts that are to be erased, and that were.
CREATE TABLE privacy_erasures (
    person BIGINT PRIMARY KEY,           -- accounts: person; after the erasure a number that leads to nobody
    asked_by BIGINT NOT NULL,            -- herself, a guardian, 0: the operator
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    erased_at BIGINT NOT NULL,           -- 0: not yet
    finished_at BIGINT NOT NULL          -- 0: something is held, or has yet to be told to others
);
CREATE INDEX privacy_erasures_due ON privacy_erasures (due_at, person) WHERE erased_at = 0;
CREATE INDEX privacy_erasures_open ON privacy_erasures (erased_at, person) WHERE erased_at > 0 AND finished_at = 0;
