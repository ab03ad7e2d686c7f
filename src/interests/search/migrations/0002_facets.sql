-- Made anew, with what documents are ranked and filtered by: derived from works, so that nothing is lost.
/* sqlite only:
DROP TABLE search_documents_idx;
*/
DROP TABLE search_documents;
CREATE TABLE search_documents (
    id BIGINT PRIMARY KEY,               -- of the work or the chapter
    kind TEXT NOT NULL,                  -- work, chapter
    work BIGINT NOT NULL,
    revision BIGINT NOT NULL,            -- of the chapter; 0 for a work
    language TEXT NOT NULL,              -- of the work, as the terms are stemmed
    length BIGINT NOT NULL,              -- terms in the body
    title TEXT NOT NULL,                 -- as it was when this row was made: an older one is not found
    tags TEXT NOT NULL,                  -- of the work, likewise
    facets TEXT NOT NULL,                -- rating and status of the work when this row was made
    counts TEXT NOT NULL,                -- "light:12 ghost:3": the body's most frequent terms that stand there more than once
    title_terms TEXT NOT NULL,           -- folded and stemmed, one space between
    marks TEXT NOT NULL,                 -- terms that say something about the document: what it can be filtered by, its prominent words
    body TEXT NOT NULL,                  -- plain, for the passages
    body_terms TEXT NOT NULL
);
CREATE INDEX search_documents_of_work ON search_documents (work, id);

/* sqlite only:
CREATE VIRTUAL TABLE search_documents_idx USING fts5(title_terms, body_terms, marks, content = 'search_documents', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 0');
*/
/* postgres only */
CREATE INDEX search_documents_terms ON search_documents
    USING GIN (to_tsvector('simple', title_terms || ' zzendoftitlezz ' || body_terms || ' zzendofbodyzz ' || marks));
/* end */

-- People who may be found, by the words of their names. Derived from accounts; who may find whom is asked of the live row.
CREATE TABLE search_names (
    head TEXT NOT NULL,                  -- the first two letters of the term
    term TEXT NOT NULL,                  -- folded, without accents
    person BIGINT NOT NULL,              -- accounts: person
    name TEXT NOT NULL,                  -- as it was when this row was made: an older one is not found
    PRIMARY KEY (head, term, person)
) /* clustered */;
CREATE INDEX search_names_of_person ON search_names (person, name);
