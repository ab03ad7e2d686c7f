-- A tag may mean several topics; a row with topic 0 stands alone: nothing that is to be found by.
CREATE TABLE topic_meanings (
    tag TEXT NOT NULL,                   -- works: key of the tag
    topic BIGINT NOT NULL,
    PRIMARY KEY (tag, topic)
) /* clustered */;
INSERT INTO topic_meanings (tag, topic) SELECT tag, topic FROM topic_tags;
DROP TABLE topic_tags;
ALTER TABLE topic_meanings RENAME TO topic_tags;

-- How strong an interest is, as its owner says: 1 to 3; 0: as it grows from what she does.
ALTER TABLE interests ADD COLUMN strength BIGINT NOT NULL DEFAULT 0;

-- What a person did with works, for how strong her interests are: one row for each work and kind of act.
CREATE TABLE interest_acts (
    person BIGINT NOT NULL,              -- accounts: person
    work BIGINT NOT NULL,
    kind TEXT NOT NULL,                  -- wrote, liked, answered
    PRIMARY KEY (person, work, kind)
) /* clustered */;
CREATE INDEX interest_acts_on_work ON interest_acts (work, person);

CREATE INDEX topics_by_what_they_became ON topics (merged_into);
