// Sites to measure on: the demo city made large.
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {binary, root} from '../tests/browser/support/site.mjs';

// Makes the folder `data` with the demo city and as many people, works and comments as asked.
export function makeSite(data, {people, works, comments}) {
  mkdirSync(data);
  const loaded = spawnSync(binary, ['demo', '--data', data], {encoding: 'utf8', env: {...process.env, BRAID_LOG_LEVEL: 'warning'}});
  if (loaded.status !== 0) throw new Error(loaded.stderr);
  const file = join(data, 'braid.sqlite');
  const model = execFileSync('sqlite3', [file, "SELECT id FROM works WHERE title = 'The Lamp Room'"], {encoding: 'utf8'}).trim();
  const sql = readFileSync(join(root, 'bench/site.sql'), 'utf8').replaceAll('@people', people).replaceAll('@works', works)
    .replaceAll('@comments', comments).replaceAll('@model', model);
  execFileSync('sqlite3', ['-bail', file], {input: sql, stdio: ['pipe', 'ignore', 'inherit']});
  const wrong = execFileSync('sqlite3', [file, `PRAGMA foreign_key_check;
    SELECT 'comments' WHERE (SELECT count(*) FROM comments WHERE state <> 'deleted' AND hold = 'none') <> (SELECT sum(shown) FROM chapter_paragraph_counts);
    SELECT 'kudos' WHERE (SELECT count(*) FROM kudos) <> (SELECT sum(kudos) FROM work_kudos)`], {encoding: 'utf8'}).trim();
  if (wrong !== '') throw new Error(`the site does not agree with itself: ${wrong}`);
  return data;
}
