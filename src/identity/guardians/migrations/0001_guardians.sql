-- A child below the age of consent who has asked. All that is kept of her until a guardian consents; gone when nobody answers.
CREATE TABLE consent_requests (
    id BIGINT PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    band TEXT NOT NULL,                  -- child, teen: from the neutral question; no birth month
    language TEXT NOT NULL,
    guardian_email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    mails BIGINT NOT NULL,               -- sent because the child asked
    mailed_at BIGINT NOT NULL,
    reminders BIGINT NOT NULL,
    said_at BIGINT NOT NULL,             -- a guardian said yes by mail alone and has not confirmed it yet; 0: nobody did
    confirm_at BIGINT NOT NULL,          -- when the second mail goes out
    birth_year BIGINT NOT NULL,          -- what the guardian said then
    birth_month BIGINT NOT NULL,
    choices BIGINT NOT NULL
);
CREATE INDEX consent_requests_to ON consent_requests (guardian_email, id);
CREATE INDEX consent_requests_end ON consent_requests (expires_at, id);
CREATE INDEX consent_requests_remind ON consent_requests (reminders, created_at, id);

-- A tie between a child and who consented for her, or whom she accepted. It keeps the id of the request it came from, so that
-- the link in the guardian's mails goes on working.
CREATE TABLE consents (
    id BIGINT PRIMARY KEY,
    child BIGINT NOT NULL,               -- accounts: person
    guardian BIGINT,                     -- accounts: person; none: a guardian without an account, or a school
    guardian_email TEXT NOT NULL,        -- of one without an account
    method TEXT NOT NULL,
    purpose TEXT NOT NULL,               -- everything, education
    on_behalf TEXT NOT NULL,             -- the school that consented
    recorded_by BIGINT,                  -- accounts: person of the staff
    form TEXT NOT NULL,                  -- blob of the signed form
    choices BIGINT NOT NULL,             -- bit per access::Choice that this guardian allows
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL,        -- 0: in force
    ended_at BIGINT NOT NULL,            -- 0: the tie holds
    ended_why TEXT NOT NULL,
    next_stage_at BIGINT NOT NULL        -- when her age next changes what a guardian may do
);
CREATE UNIQUE INDEX consents_once ON consents (child, guardian) WHERE ended_at = 0;
CREATE INDEX consents_of_child ON consents (child, id);
CREATE INDEX consents_of_guardian ON consents (guardian, child, id) WHERE ended_at = 0;
CREATE INDEX consents_next_stage ON consents (next_stage_at, id) WHERE ended_at = 0;

-- A second guardian invited by the first, or one invited by a teen. The link in the mail is the proof of the address.
CREATE TABLE guardian_invitations (
    id BIGINT PRIMARY KEY,
    child BIGINT NOT NULL,
    email TEXT NOT NULL,
    invited_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX guardian_invitations_once ON guardian_invitations (child, email);
CREATE INDEX guardian_invitations_end ON guardian_invitations (expires_at, id);

-- What guardians decided, for the child and her guardians to read.
CREATE TABLE guardian_log (
    id BIGINT PRIMARY KEY,
    child BIGINT NOT NULL,
    actor BIGINT,                        -- none: somebody without an account, or time
    what TEXT NOT NULL,
    choices BIGINT NOT NULL,             -- in force afterwards
    at BIGINT NOT NULL
);
CREATE INDEX guardian_log_of ON guardian_log (child, id);
