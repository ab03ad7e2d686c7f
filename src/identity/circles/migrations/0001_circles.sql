-- A place where people talk out of others' sight: a conversation, the comments on a private draft, a critique, a meeting.
CREATE TABLE circles (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,                  -- as the feature that uses it declares
    subject BIGINT NOT NULL,             -- what it is about there: a thread, a draft, a match
    scope_kind TEXT NOT NULL,            -- where its coordinators are: site, organisation, space
    scope BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL            -- 0: open; it does not open again
);
CREATE UNIQUE INDEX circles_of_subject ON circles (kind, subject);
CREATE INDEX circles_open ON circles (id) WHERE closed_at = 0;

-- Who is in it, who is asked, who was there.
CREATE TABLE circle_members (
    circle BIGINT NOT NULL REFERENCES circles (id),
    person BIGINT NOT NULL,
    place TEXT NOT NULL,                 -- invited, accepted, joined, left
    invited_by BIGINT NOT NULL,
    since BIGINT NOT NULL,               -- of `place`
    PRIMARY KEY (circle, person)
) /* clustered */;
CREATE INDEX circle_members_of ON circle_members (person, circle);
