// Clients post comments while the server is killed again and again. Whatever was acknowledged is there afterwards, nothing is half
// done, and the site answers within a second of every start. Looked at with sqlite3 and psql, not with our own eyes.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {startPostgres} from '../browser/support/postgres.mjs';
import {Person, startSite} from '../browser/support/site.mjs';

const rounds = Number(process.env.BRAID_TORTURE_ROUNDS ?? (process.env.CI ? 3 : 20));
const writers = ['abi', 'deniz', 'noor', 'imani', 'mina', 'theo', 'lucia', 'mr-okafor'];

// Posts until the server goes away; remembers what was acknowledged.
async function write(site, handle, chapter, round, acknowledged, refused) {
  const person = await new Person(site).signIn(handle);
  const page = await (await person.fetch(`${chapter}/comments?on=chapter`)).text();
  const csrf = page.match(/name="_csrf" value="([^"]+)"/)[1];
  for (let n = 0; ; ++n) {
    const text = `torture ${round} ${handle} ${n}`;
    try {
      const response = await person.fetch(`${chapter}/comments`, {
        method: 'POST',
        headers: {'content-type': 'application/x-www-form-urlencoded', origin: site.url},
        body: new URLSearchParams({_csrf: csrf, text, token: `t-${round}-${handle}-${n}`, paragraph: '', from: 'page'}),
      });
      if (response.status === 303) acknowledged.add(text);
      else refused.push(`${response.status} ${text}`);
      await response.arrayBuffer();
    } catch {
      return;  // killed
    }
  }
}

async function torture(t, {database, rows}) {
  const data = mkdtempSync(join(tmpdir(), 'braid-torture-'));
  const env = {BRAID_RATE_LIMITS: 'false'};
  const acknowledged = new Set();
  const refused = [];
  let slowest = 0;
  let site = await startSite({data, database, env});
  try {
    const work = (await (await fetch(`${site.url}/read`)).text()).match(/href="(\/works\/[0-9a-z]+)"/)[1];
    const chapter = (await (await fetch(site.url + work)).text()).match(/href="(\/works\/[0-9a-z]+\/chapters\/[0-9a-z]+)"/)[1];
    for (let round = 0; round < rounds; ++round) {
      const before = acknowledged.size;
      let killed = false;
      // A slow one may still be signing in when the server goes.
      const writing = writers.map((handle) => write(site, handle, chapter, round, acknowledged, refused).catch((error) => { if (!killed) throw error; }));
      const until = Date.now() + 10_000;
      while (acknowledged.size < before + 40 + 20 * (round % 5) && Date.now() < until) await new Promise((done) => setTimeout(done, 3));
      killed = true;
      await site.kill();
      await Promise.all(writing);
      assert.ok(acknowledged.size > before, `round ${round}: nothing was acknowledged; refused: ${refused.slice(0, 3)}`);
      site = await startSite({data, database, env, demo: false});
      slowest = Math.max(slowest, site.startedIn);
      const there = new Set(rows("SELECT text FROM comments WHERE text LIKE 'torture %'", data));
      const lost = [...acknowledged].filter((text) => !there.has(text));
      assert.deepEqual(lost.slice(0, 5), [], `round ${round}: ${lost.length} acknowledged comments are gone`);
    }
    assert.deepEqual(refused.slice(0, 5), [], 'comments refused while the server was up');
    assert.deepEqual(rows(`SELECT c.chapter, c.paragraph, count(*), p.shown FROM comments c JOIN chapter_paragraph_counts p
      ON p.chapter = c.chapter AND p.paragraph = c.paragraph WHERE c.state = 'visible' AND c.hold = 'none'
      GROUP BY c.chapter, c.paragraph, p.shown HAVING count(*) <> p.shown`, data), [], 'a count differs from its comments');
    assert.deepEqual(rows(`SELECT c.id FROM comments c WHERE c.thread = c.id AND c.answers <>
      (SELECT count(*) FROM comments r WHERE r.thread = c.id AND r.id <> c.id AND r.state <> 'deleted')`, data), [], 'a half reply');
    // How long a start takes is a matter of the machine too: an automatic check on a busy one looks for what is broken.
    assert.ok(slowest <= (process.env.CI ? 5000 : 1000), `a start took ${slowest} ms`);
    t.diagnostic(`${rounds} kills, ${acknowledged.size} acknowledged comments all there, slowest start ${slowest} ms`);
  } finally {
    await site.stop();
    rmSync(data, {recursive: true, force: true});
  }
}

const lines = (text) => text.split('\n').filter((line) => line !== '');

test('killed while writing: SQLite', async (t) => {
  const file = (data) => join(data, 'braid.sqlite');
  const query = (sql, data) => {
    const run = spawnSync('sqlite3', ['-readonly', file(data), sql], {encoding: 'utf8', maxBuffer: 1 << 28});
    assert.equal(run.status, 0, run.stderr);
    return lines(run.stdout);
  };
  await torture(t, {rows: query});
});

test('killed while writing: PostgreSQL', async (t) => {
  const postgres = await startPostgres();
  if (!postgres) return t.skip('PostgreSQL is not installed');
  try {
    await torture(t, {database: postgres.create('torture'), rows: (sql) => lines(postgres.psql('torture', sql))});
  } finally {
    postgres.stop();
  }
});
