-- How far a person has read in a chapter.
CREATE TABLE reading_chapters (
    person BIGINT NOT NULL,
    work BIGINT NOT NULL,                -- works
    chapter BIGINT NOT NULL,             -- works
    percent BIGINT NOT NULL,             -- furthest, 0 to 100; 100: finished
    paragraph TEXT NOT NULL,             -- key of the furthest paragraph, '' for the beginning
    read_at BIGINT NOT NULL,
    PRIMARY KEY (person, work, chapter)
) /* clustered */;
CREATE INDEX reading_chapters_of_work ON reading_chapters (work, chapter);

-- The place a person is at in a work: one row a work.
CREATE TABLE reading_places (
    person BIGINT NOT NULL,
    work BIGINT NOT NULL,
    chapter BIGINT NOT NULL,             -- the one last read in
    number BIGINT NOT NULL,              -- its number then
    percent BIGINT NOT NULL,             -- of that chapter
    finished BIGINT NOT NULL,            -- highest number among the finished chapters
    finished_at BIGINT NOT NULL,         -- when the then last chapter was finished; 0: never
    read_at BIGINT NOT NULL,
    PRIMARY KEY (person, work)
) /* clustered */;
CREATE INDEX reading_places_newest ON reading_places (person, read_at, work);
CREATE INDEX reading_places_finished ON reading_places (person, finished_at, work) WHERE finished_at > 0;
CREATE INDEX reading_places_of_work ON reading_places (work, person);
