-- Made anew: what a question reads of many documents stands apart from their texts, and texts in pieces. Derived from works, so that nothing is lost.
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
    weights TEXT NOT NULL,               -- "lamp:12 ghost:3": how much it is about its most frequent terms
    title TEXT NOT NULL,                 -- as it was when this row was made: an older one is not found
    tags TEXT NOT NULL,                  -- of the work, likewise
    summary TEXT NOT NULL,               -- of a work, plain, likewise; '' for a chapter
    facets TEXT NOT NULL                 -- rating and status of the work when this row was made
);
CREATE INDEX search_documents_of_work ON search_documents (work, id);

-- What is indexed of a document.
CREATE TABLE search_texts (
    id BIGINT PRIMARY KEY,               -- of the document
    sketch BYTEA NOT NULL,               -- which terms stand in which piece, of long texts
    title_terms TEXT NOT NULL,           -- folded and stemmed, one space between
    marks TEXT NOT NULL,                 -- terms that say something about the document: what it can be filtered by, its prominent words
    body_terms TEXT NOT NULL
);
/* sqlite only:
CREATE VIRTUAL TABLE search_texts_idx USING fts5(title_terms, body_terms, marks, content = 'search_texts', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 0', columnsize = 0);
INSERT INTO search_texts_idx (search_texts_idx, rank) VALUES ('usermerge', 2);
*/
/* postgres only */
CREATE INDEX search_texts_terms ON search_texts
    USING GIN (to_tsvector('simple', title_terms || ' zzendoftitlezz ' || body_terms || ' zzendofbodyzz ' || marks));
/* end */

-- The text of a chapter, plain, cut into pieces: a passage is made from a few of them.
CREATE TABLE search_pieces (
    document BIGINT NOT NULL,
    piece BIGINT NOT NULL,               -- from 0, in order
    body TEXT NOT NULL,
    PRIMARY KEY (document, piece)
) /* clustered */;
