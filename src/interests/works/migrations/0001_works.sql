-- A work. Everything lists and cards show stands first, the long texts come last.
CREATE TABLE works (
    id BIGINT PRIMARY KEY,
    author BIGINT NOT NULL,              -- accounts: person
    byline TEXT NOT NULL,                -- shown as the author when not empty
    title TEXT NOT NULL,
    language TEXT NOT NULL,              -- BCP 47
    rating BIGINT NOT NULL,              -- 0 everyone, 1 teen, 2 mature
    visibility TEXT NOT NULL,
    status TEXT NOT NULL,
    comments TEXT NOT NULL,
    licence TEXT NOT NULL,
    warnings_said TEXT NOT NULL,
    warnings BIGINT NOT NULL,            -- bit per warning
    warnings_other TEXT NOT NULL,
    audience BIGINT NOT NULL,            -- derived: 0 the author alone, 1 who is signed in, 2 everyone
    chapters BIGINT NOT NULL,            -- derived: published ones
    words BIGINT NOT NULL,               -- derived: of the published ones
    cover TEXT NOT NULL,                 -- blob, '' for the generated one
    cover_small TEXT NOT NULL,
    cover_version BIGINT NOT NULL,       -- in the cover's URL, so that it can be cached for ever
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,          -- last publication, or creation
    touched_at BIGINT NOT NULL,          -- last change of any kind
    published_at BIGINT NOT NULL,        -- first publication, 0 before
    tags TEXT NOT NULL,                  -- for cards: key TAB label LF …
    summary_plain TEXT NOT NULL,
    sanitiser BIGINT NOT NULL,           -- version that made summary_html
    summary_html TEXT NOT NULL,
    summary TEXT NOT NULL
);
CREATE INDEX works_newest ON works (updated_at, id) WHERE audience > 0;
CREATE INDEX works_newest_in_language ON works (language, updated_at, id) WHERE audience > 0;
CREATE INDEX works_of_author ON works (author, updated_at, id) WHERE audience > 0;
CREATE INDEX works_mine ON works (author, touched_at, id);
CREATE INDEX works_by_sanitiser ON works (sanitiser, id);

-- A tag on a work, with what the list by tag filters and sorts by.
CREATE TABLE work_tags (
    work BIGINT NOT NULL REFERENCES works (id),
    tag TEXT NOT NULL,                   -- key
    label TEXT NOT NULL,                 -- as typed
    audience BIGINT NOT NULL,            -- as in works
    rating BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (work, tag)
) /* clustered */;
CREATE INDEX work_tags_newest ON work_tags (tag, updated_at, work) WHERE audience > 0;

-- Derived: how many works with a tag each kind of reader may see. circle: 0 visitor, 1 child, 2 teen, 3 adult.
CREATE TABLE tag_counts (
    circle BIGINT NOT NULL,
    tag TEXT NOT NULL,
    label TEXT NOT NULL,
    works BIGINT NOT NULL,
    PRIMARY KEY (circle, tag)
) /* clustered */;
CREATE INDEX tag_counts_most ON tag_counts (circle, works, tag);

CREATE TABLE chapters (
    id BIGINT PRIMARY KEY,
    work BIGINT NOT NULL REFERENCES works (id),
    place BIGINT NOT NULL,               -- order in the work, drafts included: 1 …
    number BIGINT NOT NULL,              -- derived: among the published 1 …, 0 when not published
    title TEXT NOT NULL,                 -- published, before the first publication the draft's
    words BIGINT NOT NULL,               -- likewise
    revision BIGINT NOT NULL,            -- newest, 0 before the first publication
    version BIGINT NOT NULL,             -- grows with every change of draft or text
    drafted BIGINT NOT NULL,             -- 1: there is a draft that is not published
    next_key BIGINT NOT NULL,            -- of paragraphs: never given twice
    created_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    published_at BIGINT NOT NULL,        -- first publication, 0 before
    revised_at BIGINT NOT NULL           -- newest revision, 0 before
);
CREATE INDEX chapters_in_place ON chapters (work, place);
CREATE INDEX chapters_by_number ON chapters (work, number);

-- What readers are sent: paragraphs with their keys, rendered (the format is in paragraphs.h).
CREATE TABLE chapter_texts (
    chapter BIGINT PRIMARY KEY REFERENCES chapters (id),
    sanitiser BIGINT NOT NULL,
    paragraphs TEXT NOT NULL,
    notes_before_html TEXT NOT NULL,
    notes_after_html TEXT NOT NULL
);
CREATE INDEX chapter_texts_by_sanitiser ON chapter_texts (sanitiser, chapter);

-- Every text that was published, as written.
CREATE TABLE revisions (
    chapter BIGINT NOT NULL REFERENCES chapters (id),
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    words BIGINT NOT NULL,
    title TEXT NOT NULL,
    notes_before TEXT NOT NULL,
    notes_after TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (chapter, revision)
);

-- What is written and not yet published: at most one per chapter.
CREATE TABLE drafts (
    chapter BIGINT PRIMARY KEY REFERENCES chapters (id),
    saved_at BIGINT NOT NULL,
    words BIGINT NOT NULL,
    title TEXT NOT NULL,
    notes_before TEXT NOT NULL,
    notes_after TEXT NOT NULL,
    text TEXT NOT NULL
);

-- What a second window wrote on a draft that had moved on: one per window, so that nothing is lost.
CREATE TABLE draft_copies (
    chapter BIGINT NOT NULL REFERENCES chapters (id),
    editor TEXT NOT NULL,                -- made for every opened editor
    saved_at BIGINT NOT NULL,
    title TEXT NOT NULL,
    notes_before TEXT NOT NULL,
    notes_after TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (chapter, editor)
);

-- Keys of paragraphs that are gone, with their words: they come back with exactly these words only.
CREATE TABLE retired_paragraphs (
    chapter BIGINT NOT NULL REFERENCES chapters (id),
    paragraph TEXT NOT NULL,
    plain TEXT NOT NULL,
    PRIMARY KEY (chapter, paragraph)
);

-- Where an imported work came from, so that importing again changes only what changed.
CREATE TABLE imports (
    source TEXT NOT NULL,
    work BIGINT NOT NULL REFERENCES works (id),
    digest TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (source)
);
CREATE INDEX imports_by_work ON imports (work);
