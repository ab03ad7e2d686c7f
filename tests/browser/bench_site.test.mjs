// The large site the bench measures on can still be made: it writes other modules' tables behind their backs, so a new column may break it.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {makeSite} from '../../bench/site.mjs';
import {Person, startSite} from './support/site.mjs';

test('a site made large for the bench agrees with itself and is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'braid-bench-site-'));
  try {
    const site = await startSite({data: makeSite(join(folder, 'site'), {people: 50, works: 20, comments: 400}), demo: false});
    try {
      const person = await new Person(site).signIn('abi');
      const list = await (await person.fetch('/people/reader-7')).text();
      const work = await person.fetch(list.match(/href="(\/works\/[0-9a-z]+)"/)[1]);
      assert.equal(work.status, 200);
      assert.match(await work.text(), /Work number /);
    } finally {
      await site.stop();
    }
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
});
