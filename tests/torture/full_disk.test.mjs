// The disk fills up: writes are refused clearly, reads go on, and when there is room again writes go on without a restart.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {Person, startSite} from '../browser/support/site.mjs';

function fill(file) {
  const handle = openSync(file, 'w');
  const block = Buffer.alloc(4096, 'x');
  try {
    for (;;) writeSync(handle, block);
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  } finally {
    closeSync(handle);
  }
}

test('full disk', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'braid-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', data], {encoding: 'utf8'});
  if (mounted.status !== 0) {
    rmSync(data, {recursive: true, force: true});
    return t.skip(`a small file system cannot be mounted here: ${mounted.stderr.trim()}`);
  }
  let site;
  try {
    site = await startSite({data, env: {BRAID_RATE_LIMITS: 'false'}});
    const person = await new Person(site).signIn('abi');
    const work = (await (await person.fetch('/read')).text()).match(/href="(\/works\/[0-9a-z]+)"/)[1];
    const chapter = (await (await person.fetch(work)).text()).match(/href="(\/works\/[0-9a-z]+\/chapters\/[0-9a-z]+)"/)[1];
    const csrf = (await (await person.fetch(`${chapter}/comments?on=chapter`)).text()).match(/name="_csrf" value="([^"]+)"/)[1];
    const post = (n, length) => person.fetch(`${chapter}/comments`, {
      method: 'POST',
      headers: {'content-type': 'application/x-www-form-urlencoded', origin: site.url, accept: 'text/html'},
      body: new URLSearchParams({_csrf: csrf, text: `full disk ${n} ${'word '.repeat(length)}`, token: `full-${n}`, paragraph: ''}),
    });
    assert.equal((await post(0, 1)).status, 303);

    fill(join(data, 'filler'));
    const statuses = [];
    for (let n = 1; n <= 60 && !statuses.includes(503); ++n) statuses.push((await post(n, 700)).status);
    assert.equal(statuses.at(-1), 503, `a full disk must refuse writes, got ${statuses}`);
    const refusal = await post(99, 700);
    assert.equal(refusal.status, 503);
    assert.ok(refusal.headers.get('retry-after'));
    assert.match(await refusal.text(), /<h1/);
    const read = await person.fetch(chapter);
    assert.equal(read.status, 200, 'reads go on');
    const stored = statuses.filter((status) => status === 303).length;

    unlinkSync(join(data, 'filler'));
    let again = 0;
    for (let attempt = 0; attempt < 50; ++attempt) {
      again = (await post(200 + attempt, 1)).status;
      if (again === 303) break;
      await new Promise((done) => setTimeout(done, 100));
    }
    assert.equal(again, 303, 'writes go on without a restart');
    const integrity = spawnSync('sqlite3', ['-readonly', join(data, 'braid.sqlite'), 'PRAGMA integrity_check'], {encoding: 'utf8'});
    assert.equal(integrity.stdout.trim(), 'ok');
    t.diagnostic(`${stored} comments fitted before the first refusal`);
  } finally {
    await site?.stop();
    spawnSync('umount', [data]);
    rmSync(data, {recursive: true, force: true});
  }
});
