-- What can be found: works and published chapters, by their own ids. Derived: made from works whenever a row is missing or old.
CREATE TABLE search_documents (
    id BIGINT PRIMARY KEY,               -- of the work or the chapter
    kind TEXT NOT NULL,                  -- work, chapter
    work BIGINT NOT NULL,
    revision BIGINT NOT NULL,            -- of the chapter; 0 for a work
    language TEXT NOT NULL,              -- of the work, as the terms are stemmed
    length BIGINT NOT NULL,              -- terms in the body
    title TEXT NOT NULL,                 -- as it was when this row was made: an older one is not found
    tags TEXT NOT NULL,                  -- likewise
    title_terms TEXT NOT NULL,           -- folded and stemmed, one space between
    body_terms TEXT NOT NULL,
    body TEXT NOT NULL                   -- plain, for the passages
);
CREATE INDEX search_documents_of_work ON search_documents (work, id);

/* sqlite only:
CREATE VIRTUAL TABLE search_documents_idx USING fts5(title_terms, body_terms, content = 'search_documents', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 0');
*/
/* postgres only */
CREATE INDEX search_documents_terms ON search_documents
    USING GIN (to_tsvector('simple', title_terms || ' zzendoftitlezz ' || body_terms));
/* end */

-- Words that stand in something findable, folded and not stemmed: what a misspelt word may have meant.
CREATE TABLE search_words (
    initial TEXT NOT NULL,               -- the first letter
    size BIGINT NOT NULL,                -- bytes
    word TEXT NOT NULL,
    PRIMARY KEY (initial, size, word)
) /* clustered */;
