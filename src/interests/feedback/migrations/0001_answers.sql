-- A comment on a paragraph or, with paragraph '', on a chapter as a whole. Replies are one level deep: all comments of a
-- conversation carry the id of its first as `thread`, and its first carries its own.
CREATE TABLE comments (
    id BIGINT PRIMARY KEY,
    work BIGINT NOT NULL,                -- works
    chapter BIGINT NOT NULL,             -- works
    work_author BIGINT NOT NULL,         -- person whose work it is; never changes
    paragraph TEXT NOT NULL,             -- key of the paragraph, '' for the chapter
    thread BIGINT NOT NULL,
    answers BIGINT NOT NULL,             -- derived, of a first comment: replies that are not deleted
    author BIGINT NOT NULL,              -- person
    state TEXT NOT NULL,                 -- visible, hidden (by the work's author), deleted (by its own)
    created_at BIGINT NOT NULL,
    edited_at BIGINT NOT NULL,           -- 0: never
    token TEXT NOT NULL,                 -- made with the form: the same form sent twice is one comment
    sanitiser BIGINT NOT NULL,           -- version that made html
    quote TEXT NOT NULL,                 -- the paragraph's words when it was written; of a first comment
    html TEXT NOT NULL,
    text TEXT NOT NULL                   -- as written
);
CREATE UNIQUE INDEX comments_once ON comments (author, token);
CREATE INDEX comments_by_author ON comments (author, id);
CREATE INDEX comments_of_paragraph ON comments (chapter, paragraph, thread, id);
CREATE INDEX comments_threads ON comments (chapter, id) WHERE id = thread;
CREATE INDEX comments_replies ON comments (chapter, thread, id) WHERE id <> thread;
CREATE INDEX comments_for_author ON comments (work_author, id) WHERE state = 'visible';
CREATE INDEX comments_of_work ON comments (work, id);
CREATE INDEX comments_by_sanitiser ON comments (sanitiser, id);

-- What a comment said before it was edited or deleted: for moderators.
CREATE TABLE comment_versions (
    id BIGINT PRIMARY KEY,
    comment BIGINT NOT NULL REFERENCES comments (id),
    replaced_at BIGINT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX comment_versions_of ON comment_versions (comment, id);

-- Derived: comments per paragraph, changed in the transaction that changes the comment.
CREATE TABLE chapter_paragraph_counts (
    chapter BIGINT NOT NULL,
    paragraph TEXT NOT NULL,
    shown BIGINT NOT NULL,
    hidden BIGINT NOT NULL,
    PRIMARY KEY (chapter, paragraph)
) /* clustered */;

CREATE TABLE kudos (
    work BIGINT NOT NULL,                -- works
    person BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (work, person)
) /* clustered */;
CREATE INDEX kudos_by_person ON kudos (person, given_at, work);

-- Derived: kudos per work.
CREATE TABLE work_kudos (
    work BIGINT PRIMARY KEY,
    kudos BIGINT NOT NULL
);

CREATE TABLE bookmarks (
    person BIGINT NOT NULL,
    work BIGINT NOT NULL,                -- works
    made_at BIGINT NOT NULL,
    PRIMARY KEY (person, work)
) /* clustered */;
CREATE INDEX bookmarks_newest ON bookmarks (person, made_at, work);
CREATE INDEX bookmarks_of_work ON bookmarks (work, person);
