-- A concept of the vocabulary. Never deleted: one that was merged points to what it became, so that
-- addresses, imports and people's interests keep leading somewhere.
CREATE TABLE topics (
    id BIGINT PRIMARY KEY,
    uri TEXT NOT NULL,                   -- its name outside: of the file it came from, or our own
    merged_into BIGINT NOT NULL,         -- 0: it stands for itself
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX topics_by_uri ON topics (uri);

CREATE TABLE topic_labels (
    topic BIGINT NOT NULL REFERENCES topics (id),
    language TEXT NOT NULL,              -- BCP 47
    kind TEXT NOT NULL,                  -- pref, alt, hidden
    label TEXT NOT NULL,
    folded TEXT NOT NULL,                -- as it is compared
    origin TEXT NOT NULL,                -- file or staff: a new import changes only what files brought
    PRIMARY KEY (topic, language, kind, label)
) /* clustered */;

-- broader: from narrower to broader. related: both ways.
CREATE TABLE topic_relations (
    topic BIGINT NOT NULL REFERENCES topics (id),
    kind TEXT NOT NULL,
    other BIGINT NOT NULL REFERENCES topics (id),
    origin TEXT NOT NULL,
    PRIMARY KEY (topic, kind, other)
) /* clustered */;
CREATE INDEX topic_relations_back ON topic_relations (other, kind, topic);

CREATE TABLE topic_notes (
    topic BIGINT NOT NULL REFERENCES topics (id),
    language TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (topic, language)
);

-- One row: grows with every change above, so that every node sees that what it holds is old.
CREATE TABLE topic_state (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO topic_state (id, version) VALUES (1, 1);

-- What a tag means, where a moderator said so. topic 0: nothing that is to be found by.
CREATE TABLE topic_tags (
    tag TEXT NOT NULL,                   -- works: key of the tag
    topic BIGINT NOT NULL,
    PRIMARY KEY (tag)
);

-- Derived: which published works belong to which topic, by their tags or through a narrower topic.
CREATE TABLE topic_works (
    topic BIGINT NOT NULL,
    work BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,          -- as in works: the order of a hub
    direct BIGINT NOT NULL,              -- 1: by a tag; 0: through a narrower topic
    PRIMARY KEY (topic, work)
) /* clustered */;
CREATE INDEX topic_works_newest ON topic_works (topic, updated_at, work);
CREATE INDEX topic_works_of_work ON topic_works (work, topic);

-- Derived: for which vocabulary, and which state of the work, its rows above were made.
CREATE TABLE topic_work_marks (
    work BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    tags TEXT NOT NULL
);

-- Derived: tags of published works that no topic answers to, with their use.
CREATE TABLE topic_open_tags (
    tag TEXT NOT NULL,
    work BIGINT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (tag, work)
) /* clustered */;
CREATE INDEX topic_open_tags_of_work ON topic_open_tags (work, tag);

-- What a person cares about, as typed. topic 0: nothing answers to it yet.
CREATE TABLE interests (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,              -- accounts: person
    folded TEXT NOT NULL,
    typed TEXT NOT NULL,
    topic BIGINT NOT NULL,
    shown TEXT NOT NULL,                 -- me, signed_in
    origin TEXT NOT NULL,                -- typed, picked, followed
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX interests_of_person ON interests (person, folded);
CREATE INDEX interests_in_topic ON interests (topic, person);

-- What moderators changed, newest last; `before` is what undoing puts back.
CREATE TABLE topic_changes (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    kind TEXT NOT NULL,                  -- link, aside, merge, broader
    topic BIGINT NOT NULL,
    other BIGINT NOT NULL,
    tag TEXT NOT NULL,
    before TEXT NOT NULL,                -- as wrangling.cpp reads it
    undone_at BIGINT NOT NULL            -- 0: it stands
);
