-- Makes a small site large: @people persons, @works works of two chapters, @comments comments, copied from the work @model of
-- the demo city. For measuring only, and only on SQLite: it writes other modules' tables behind their backs.
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -800000;
BEGIN;

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @people)
INSERT INTO persons (id, handle, display_name, birth_year, birth_month, bio, bio_html, bio_sanitiser, language, listed, role_bits, created_at)
SELECT 100000000000000000 + i, 'reader-' || i, 'Reader ' || i, 1990 + i % 20, 1 + i % 12, '', '', bio_sanitiser, 'en', 0, 0, created_at + i
FROM n, (SELECT bio_sanitiser, created_at FROM persons ORDER BY id LIMIT 1);

-- The same password for all, as in the demo city.
INSERT INTO person_credentials (person, password_hash, email, changed_at)
SELECT p.id, c.password_hash, NULL, c.changed_at FROM persons p, (SELECT c.* FROM person_credentials c JOIN persons a ON a.id = c.person WHERE a.handle = 'abi') c
WHERE p.id BETWEEN 100000000000000001 AND 100000000000000000 + @people AND p.id <= 100000000000001000;

CREATE TEMP TABLE model AS SELECT * FROM works WHERE id = @model;
CREATE TEMP TABLE model_chapters AS SELECT * FROM chapters WHERE work = @model AND number > 0 ORDER BY number LIMIT 2;
CREATE TEMP TABLE numbers AS
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @works) SELECT i FROM n;

-- Columns by name, so that one with a default may be added without a change here.
INSERT INTO works (id, author, byline, title, language, rating, visibility, status, comments, licence, warnings_said, warnings, warnings_other,
                   audience, chapters, words, cover, cover_small, cover_version, created_at, updated_at, touched_at, published_at, tags,
                   summary_plain, sanitiser, summary_html, summary)
SELECT 200000000000000000 + i, 100000000000000000 + 1 + i % @people, '', 'Work number ' || i, language, i % 2, visibility, status,
       comments, licence, warnings_said, warnings, warnings_other, audience, 2, words, cover, cover_small, cover_version,
       created_at + i, updated_at - i * 1000000, touched_at, published_at, tags, summary_plain, sanitiser, summary_html, summary
FROM numbers, model;
INSERT INTO work_tags (work, tag, label, audience, rating, updated_at)
SELECT 200000000000000000 + i, tag, label, t.audience, i % 2, m.updated_at - i * 1000000
FROM numbers, model m, (SELECT * FROM work_tags WHERE work = @model) t;
INSERT INTO chapters (id, work, place, number, title, words, revision, version, drafted, next_key, created_at, touched_at, published_at, revised_at)
SELECT 300000000000000000 + i * 10 + c.number, 200000000000000000 + i, c.number, c.number, c.title, c.words, c.revision, c.version, 0,
       c.next_key, c.created_at, c.touched_at, c.published_at, c.revised_at
FROM numbers, model_chapters c;
INSERT INTO chapter_texts (chapter, sanitiser, paragraphs, notes_before_html, notes_after_html)
SELECT 300000000000000000 + i * 10 + c.number, t.sanitiser, t.paragraphs, t.notes_before_html, t.notes_after_html
FROM numbers, model_chapters c JOIN chapter_texts t ON t.chapter = c.id;

CREATE TEMP TABLE paragraph_keys AS
SELECT row_number() OVER () AS k, paragraph FROM (SELECT DISTINCT paragraph FROM comments WHERE work = @model AND paragraph <> '');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @comments)
INSERT INTO comments (id, work, chapter, work_author, paragraph, thread, answers, author, state, created_at, edited_at, token, sanitiser,
                      quote, html, text)
SELECT 400000000000000000 + i, 200000000000000000 + 1 + i % @works, 300000000000000000 + (1 + i % @works) * 10 + 1 + (i / @works) % 2,
       100000000000000000 + 1 + (1 + i % @works) % @people,
       (SELECT paragraph FROM paragraph_keys WHERE k = 1 + i % (SELECT count(*) FROM paragraph_keys)),
       400000000000000000 + i, 0, 100000000000000000 + 1 + (i * 7919) % @people, 'visible', 1750000000000000 + i * 1000, 0,
       'bench-' || i, (SELECT sanitiser FROM model), 'The words it was about.', '<p>I read this one out loud and somebody asked me what it was.</p>',
       'I read this one out loud and somebody asked me what it was.'
FROM n;
INSERT INTO chapter_paragraph_counts (chapter, paragraph, shown, hidden)
SELECT chapter, paragraph, count(*), 0 FROM comments WHERE id BETWEEN 400000000000000000 AND 400000000999999999 GROUP BY chapter, paragraph;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @people)
INSERT OR IGNORE INTO kudos (work, person, given_at)
SELECT 200000000000000000 + 1 + (i * 31) % @works, 100000000000000000 + i, 1750000000000000 FROM n;
INSERT INTO work_kudos (work, kudos) SELECT work, count(*) FROM kudos WHERE work BETWEEN 200000000000000000 AND 200000000999999999 GROUP BY work;

COMMIT;
ANALYZE;
PRAGMA wal_checkpoint(TRUNCATE);
