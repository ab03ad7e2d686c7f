-- What the site tells and asks of everybody: privacy, guidelines, terms. Version 1 is the text that comes with the program; each
-- row here is one that an administrator published.
CREATE TABLE site_documents (
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,             -- from 2
    text_en TEXT NOT NULL,               -- Markdown
    text_es TEXT NOT NULL,
    short_en TEXT NOT NULL,
    short_es TEXT NOT NULL,
    changed_en TEXT NOT NULL,            -- what is new in it
    changed_es TEXT NOT NULL,
    important BIGINT NOT NULL,           -- 1: everybody is asked again
    published_at BIGINT NOT NULL,
    published_by BIGINT NOT NULL,        -- accounts: person
    PRIMARY KEY (kind, version)
) /* clustered */;

CREATE TABLE document_acceptances (
    person BIGINT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person, kind, version)
) /* clustered */;
