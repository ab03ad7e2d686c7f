// Search measured: over generated libraries that grow, and over real books where BRAID_SHARED_DATA has some (texts/books).
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {binary, root} from '../../tests/browser/support/site.mjs';

const searchBench = join(binary, '..', 'search_bench');
const books = join(process.env.BRAID_SHARED_DATA ?? join(root, '../shared/data'), 'texts/books');
const env = {...process.env, BRAID_LOG_LEVEL: 'warning', BRAID_DEVELOPMENT: 'false'};

function braid(...words) {
  const ran = spawnSync(binary, words, {encoding: 'utf8', env, maxBuffer: 1 << 28});
  if (ran.status !== 0) throw new Error(`braid ${words.join(' ')}: ${ran.stderr}`);
}

// The same numbers in every run (mulberry32, by Tommy Ettinger, in the public domain).
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// Words that sound like words, the common ones short; chosen as often as Zipf's law says.
function makeWords(count, chance) {
  const heads = ['b', 'br', 'c', 'cl', 'd', 'f', 'fl', 'g', 'gr', 'h', 'l', 'm', 'n', 'p', 'pr', 'r', 's', 'st', 't', 'tr', 'v', 'w', 'sh', 'th'];
  const middles = ['a', 'e', 'i', 'o', 'u', 'ea', 'oo', 'ai', 'ou'];
  const tails = ['', 'n', 'r', 'l', 'm', 't', 'd', 'k', 'rk', 'nt', 'lm', 'st'];
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const words = new Set();
  while (words.size < count) {
    const syllables = words.size < 200 ? 1 : 2 + Math.floor(chance() * 2);
    let word = '';
    for (let i = 0; i < syllables; ++i) word += pick(heads) + pick(middles) + (i + 1 === syllables ? pick(tails) : '');
    words.add(word);
  }
  const list = [...words];
  const sums = [];
  let sum = 0;
  for (let i = 0; i < list.length; ++i) sums.push((sum += 1 / (i + 1)));
  return () => {
    const at = chance() * sum;
    let low = 0, high = list.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < at) low = middle + 1;
      else high = middle;
    }
    return list[low];
  };
}

// A site with so many works of one chapter of 200 words; a third is for members alone, a third rated for teens.
function makeLibrary(data, works) {
  mkdirSync(data);
  braid('demo', '--data', data);
  const word = makeWords(20_000, random(7));
  const chance = random(8);
  const file = join(data, 'braid.sqlite');
  const lines = ['PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;', 'BEGIN;',
    'CREATE TEMP TABLE made (i INTEGER PRIMARY KEY, title TEXT, paragraphs TEXT);'];
  for (let i = 1; i <= works; ++i) {
    // A text speaks of its own few things again and again.
    const own = Array.from({length: 6}, word);
    const text = Array.from({length: 200}, () => (chance() < 0.15 ? own[Math.floor(chance() * own.length)] : word())).join(' ');
    const html = `<p>${text}.</p>`;
    lines.push(`INSERT INTO made VALUES (${i}, '${own[0]} ${word()} ${own[1]}', '1 ${html.length}' || char(10) || '${html}');`);
  }
  lines.push(`CREATE TEMP TABLE model AS SELECT * FROM works WHERE title = 'The Lamp Room';
    CREATE TEMP TABLE model_chapter AS SELECT * FROM chapters WHERE work = (SELECT id FROM model) AND number = 1;
    INSERT INTO works (id, author, byline, title, language, rating, visibility, status, comments, licence, warnings_said, warnings, warnings_other,
      audience, chapters, words, cover, cover_small, cover_version, created_at, updated_at, touched_at, published_at, tags, summary_plain,
      sanitiser, summary_html, summary)
    SELECT 200000000000000000 + i, author, '', made.title, 'en', i % 3 = 1, visibility, status, comments, licence, warnings_said, warnings,
      warnings_other, CASE WHEN i % 3 = 2 THEN 1 ELSE 2 END, 1, 200, cover, cover_small, cover_version, created_at + i, updated_at + i, touched_at,
      published_at, '', '', sanitiser, '', '' FROM made, model;
    INSERT INTO chapters (id, work, place, number, title, words, revision, version, drafted, next_key, created_at, touched_at, published_at, revised_at)
    SELECT 300000000000000000 + i, 200000000000000000 + i, 1, 1, '', 200, 1, 1, 0, 2, created_at, touched_at, published_at, revised_at
    FROM made, model_chapter;
    INSERT INTO chapter_texts (chapter, sanitiser, paragraphs, notes_before_html, notes_after_html)
    SELECT 300000000000000000 + i, (SELECT sanitiser FROM model), paragraphs, '', '' FROM made;
    COMMIT; PRAGMA wal_checkpoint(TRUNCATE);`);
  execFileSync('sqlite3', ['-bail', file], {input: lines.join('\n'), stdio: ['pipe', 'ignore', 'inherit'], maxBuffer: 1 << 30});
  braid('search', 'rebuild', '--data', data);
  return file;
}

function ask(file, questions) {
  return JSON.parse(execFileSync(searchBench, ['--file', file, '--questions', String(questions)], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']}));
}

export default async function search({row, quick, work}) {
  const sizes = quick ? [1000, 10_000] : [1000, 10_000, 100_000];
  const p99 = new Map();
  for (const works of sizes) {
    const {kinds} = ask(makeLibrary(join(work, `library-${works}`), works), 1000);
    const {ours, plain} = kinds.misspelt;
    p99.set(works, kinds.exact.ours.p99);
    const named = `${works.toLocaleString('en')} works`;
    row(`search, two words as they stand, ${named}, p99`, kinds.exact.ours.p99, kinds.exact.plain.p99, 'raw FTS5, no filter, no passage', 'ms', kinds.exact.plain.p99 / kinds.exact.ours.p99);
    row(`search, one of two misspelt, ${named}, p99`, ours.p99, kinds.exact.plain.p99, 'raw FTS5 for the right words', 'ms', kinds.exact.plain.p99 / ours.p99);
    row(`found though misspelt, ${named}`, 100 * ours.found, 100 * plain.found, 'raw FTS5', '%', plain.found > 0 ? ours.found / plain.found : 100 * ours.found);
    if (works === 10_000) row('search against the aim, the slower of both, p99', Math.max(ours.p99, kinds.exact.ours.p99), 2, 'the aim', 'ms', 2 / Math.max(ours.p99, kinds.exact.ours.p99));
    if (works === 10_000) {
      const named = {filtered: 'with a rating and a language', beginning: 'four letters of one and *', phrase: 'a phrase', common: 'one common word'};
      for (const [kind, words] of Object.entries(named)) {
        row(`search, ${words}, 10,000 works, p99`, kinds[kind].ours.p99, kinds[kind].plain.p99, 'raw FTS5, no filter, no passage', 'ms', kinds[kind].plain.p99 / kinds[kind].ours.p99);
      }
    }
    rmSync(join(work, `library-${works}`), {recursive: true, force: true});
  }
  row(`search p99, 1,000 → ${sizes.at(-1).toLocaleString('en')} works`, p99.get(sizes.at(-1)), p99.get(1000), 'itself, small', 'ms', p99.get(1000) / p99.get(sizes.at(-1)));
  if (existsSync(books)) booksRows({row, work});
}

// Questions made by rule from the text of real books: a page of the book they come from should be found.
function booksRows({row, work}) {
  const data = join(work, 'books');
  mkdirSync(data);
  braid('demo', '--data', data);
  braid('import', 'works', books, '--owner', 'bookshelf', '--visibility', 'everyone', '--data', data);
  braid('search', 'rebuild', '--data', data);
  const {kinds} = ask(join(data, 'braid.sqlite'), 1000);
  for (const kind of ['exact', 'misspelt', 'inflected']) {
    const {ours, plain} = kinds[kind];
    row(`books, ${kind}: found on the first page`, 100 * ours.found, 100 * plain.found, 'plain FTS5 query', '%', plain.found > 0 ? ours.found / plain.found : 100 * ours.found);
    row(`books, ${kind}: time, p99`, ours.p99, plain.p99, 'plain FTS5 query', 'ms', plain.p99 / ours.p99);
  }
}
