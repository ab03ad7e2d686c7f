-- Everything that was said about one thing, while somebody has to look at it. At most one case about a thing is not closed.
CREATE TABLE moderation_cases (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,              -- work, chapter, comment, profile, elsewhere …
    object BIGINT NOT NULL,
    subject BIGINT NOT NULL,         -- person whose it is, 0: nobody's
    origin TEXT NOT NULL,            -- report, first_post
    category TEXT NOT NULL,          -- the gravest that was named
    state TEXT NOT NULL,             -- open, proposed (waits for a second person), closed
    due_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,       -- 0: not
    claimed_by BIGINT NOT NULL,      -- person, 0: nobody
    claimed_at BIGINT NOT NULL,
    reports BIGINT NOT NULL,         -- derived: how many
    title TEXT NOT NULL,             -- as it was when it was first reported
    words TEXT NOT NULL,
    href TEXT NOT NULL               -- where it stands on the site
);
CREATE UNIQUE INDEX moderation_cases_open ON moderation_cases (kind, object) WHERE state <> 'closed';
CREATE INDEX moderation_cases_due ON moderation_cases (due_at, id) WHERE state <> 'closed';
CREATE INDEX moderation_cases_closed ON moderation_cases (closed_at, id) WHERE state = 'closed';
CREATE INDEX moderation_cases_about ON moderation_cases (subject, id);

CREATE TABLE moderation_reports (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES moderation_cases (id),
    reporter BIGINT NOT NULL,        -- person, 0: somebody who was not signed in
    category TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX moderation_reports_of_case ON moderation_reports (case_id, id);
CREATE INDEX moderation_reports_by ON moderation_reports (reporter, id);

-- What moderators say among themselves.
CREATE TABLE moderation_notes (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES moderation_cases (id),
    author BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX moderation_notes_of_case ON moderation_notes (case_id, id);

-- What was decided. What holds for a person or a thing is what is in force here; the columns that other modules read
-- (persons.suspended_until, works.hold …) are made from it, never the other way round.
CREATE TABLE moderation_decisions (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES moderation_cases (id),
    kind TEXT NOT NULL,
    object BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    measure TEXT NOT NULL,           -- dismiss, warn, hide, rerate, quiet, suspend, remove, remove_account
    state TEXT NOT NULL,             -- proposed, in_force, done, ended, lifted, overturned, refused
    rating BIGINT NOT NULL,          -- of rerate, else -1
    ends_at BIGINT NOT NULL,         -- 0: no end
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    confirmed_by BIGINT NOT NULL,    -- the second person, 0 where none is needed
    confirmed_at BIGINT NOT NULL,
    closed_by BIGINT NOT NULL,       -- who ended, lifted, overturned or refused it; 0: the clock
    closed_at BIGINT NOT NULL,
    reason TEXT NOT NULL             -- as the person is told
);
CREATE INDEX moderation_decisions_of_case ON moderation_decisions (case_id, id);
CREATE INDEX moderation_decisions_about ON moderation_decisions (subject, id);
CREATE INDEX moderation_decisions_on ON moderation_decisions (kind, object, id) WHERE state = 'in_force';
CREATE INDEX moderation_decisions_ending ON moderation_decisions (ends_at, id) WHERE state = 'in_force' AND ends_at > 0;

CREATE TABLE moderation_appeals (
    id BIGINT PRIMARY KEY,
    decision BIGINT NOT NULL UNIQUE REFERENCES moderation_decisions (id),
    subject BIGINT NOT NULL,
    state TEXT NOT NULL,             -- open, upheld (the decision stands), overturned
    made_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    words TEXT NOT NULL,
    answer TEXT NOT NULL
);
CREATE INDEX moderation_appeals_due ON moderation_appeals (due_at, id) WHERE state = 'open';

-- What people are told on the site, besides by mail. The words are made from the decision when it is read.
CREATE TABLE moderation_notices (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    what TEXT NOT NULL,              -- decided, ended, taken_back, report_acted, report_no_breach, appeal_upheld, appeal_overturned
    case_id BIGINT NOT NULL,
    decision BIGINT NOT NULL,        -- 0: none
    made_at BIGINT NOT NULL,
    read_at BIGINT NOT NULL          -- 0: not yet
);
CREATE INDEX moderation_notices_of ON moderation_notices (person, id);
