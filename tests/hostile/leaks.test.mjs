// Every route, as everybody, with ids of one's own, of another and of nobody: no failure inside, nothing of another's, and what one
// may not see looks like what is not there.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Somebody, comment, makeWork, publish, routes, saveDraft, startUnlimited} from './support.mjs';

let site, rows;
const people = {};
const viewers = {visitor: null, teen: 'deniz', adult: 'mr-okafor', moderator: 'sam-w'};
const nobody = '1zzzzzzzzzzzz';  // of an id's shape, given to nothing
// One word per private thing: whoever is not its owner must never be sent it.
const secret = {
  title: 'zqxtitle', summary: 'zqxsummary', tag: 'zqxtag', text: 'zqxtext', notes: 'zqxnotes', draft: 'zqxdraft', later: 'zqxlater',
  hidden: 'zqxhidden', removed: 'zqxremoved', token: 'zqxtoken', chapter: 'zqxchapter', old: 'zqxold',
};
const mature = 'zqxmature';
const theirs = {};   // abi's things, by the name of the parameter
const own = {};      // the same for each viewer

async function furnish(person, mark) {
  const things = {};
  const closed = await makeWork(person, {title: `${mark} closed`, visibility: 'me'}, {title: `${mark} one`, text: `${mark} words`});
  await publish(person, closed);
  await saveDraft(person, closed, {title: `${mark} one`, text: `${mark} other words`});
  const open = await makeWork(person, {title: 'An open work'}, {title: 'One', text: 'Open words.'});
  await publish(person, open);
  things.work = closed.work;
  things.chapter = closed.chapter;
  things.openWork = open.work;
  things.openChapter = open.chapter;
  things.comment = await comment(person, open, 'Said on my own work.');
  const made = await person.post('/settings/tokens', {name: `${mark} token`, days: '30', read: '1', write: '1', account: '1'});
  const html = await made.text();
  things.bearer = html.match(/\b(braid_[A-Za-z0-9_-]{16,})/)?.[1] ?? '';
  things.token = (await person.page('/settings/tokens')).match(/\/settings\/tokens\/([0-9a-z]+)\/revoke/)?.[1];
  things.session = (await person.page('/settings/sessions')).match(/\/settings\/sessions\/([0-9a-z]+)\/end/)?.[1] ?? nobody;
  return things;
}

before(async () => {
  site = await startUnlimited();
  rows = routes();
  people.abi = await new Somebody(site).signIn('abi');
  await new Somebody(site).signIn('abi');  // a second session, which the list can end
  const closed = await makeWork(people.abi, {title: secret.title, summary: secret.summary, tags: secret.tag, visibility: 'me'},
    {title: secret.chapter, text: secret.text, notes_before: secret.notes, notes_after: secret.notes});
  await publish(people.abi, closed);
  await saveDraft(people.abi, closed, {title: secret.chapter, text: secret.draft});
  const open = await makeWork(people.abi, {title: 'Open to all'}, {title: 'One', text: `${secret.old} first words`});
  await publish(people.abi, open);
  await saveDraft(people.abi, open, {title: 'One', text: 'Words for all.'});
  await publish(people.abi, open);
  await saveDraft(people.abi, open, {title: 'One', text: `Words for all. ${secret.later}`});
  const commenter = await new Somebody(site).signIn('noor');
  theirs.comment = await comment(commenter, open, secret.hidden);
  await people.abi.post(`/comments/${theirs.comment}/hide`);
  const removed = await comment(commenter, open, secret.removed);
  await commenter.post(`/comments/${removed}/delete`);
  const grown = await new Somebody(site).signIn('ms-ortega');
  const adult = await makeWork(grown, {title: mature, summary: mature, tags: mature, rating: 'mature'}, {title: mature, text: mature});
  await publish(grown, adult);
  theirs.mature = adult;
  Object.assign(theirs, {work: closed.work, chapter: closed.chapter, openWork: open.work, openChapter: open.chapter});
  await people.abi.post('/settings/tokens', {name: secret.token, days: '30', read: '1'});
  theirs.token = (await people.abi.page('/settings/tokens')).match(/\/settings\/tokens\/([0-9a-z]+)\/revoke/)[1];
  theirs.session = (await people.abi.page('/settings/sessions')).match(/\/settings\/sessions\/([0-9a-z]+)\/end/)[1];
  theirs.email = (await people.abi.page('/settings/account')).match(/[\w.+-]+@[\w.-]+\.[a-z]+/)?.[0];
  theirs.session_cookie = [...people.abi.cookies].find(([name]) => /session/.test(name))?.[1];
  assert.ok(theirs.email && theirs.session_cookie, 'the fixtures hold an e-mail address and a session');
  for (const [viewer, handle] of Object.entries(viewers)) {
    people[viewer] = new Somebody(site);
    if (!handle) continue;
    await people[viewer].signIn(handle);
    await new Somebody(site).signIn(handle);
    own[viewer] = await furnish(people[viewer], `mine-${viewer}`);
  }
});
after(() => site?.stop());

// The addresses of a pattern for one set of ids.
function address(pattern, ids) {
  return pattern.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name, kind) => {
    if (name === 'file') return pattern.startsWith('/covers') ? `${ids.work}.svg` : 'nothing.css';
    if (name === 'handle') return ids === none ? 'nobody-here' : 'abi';
    if (name === 'tag') return ids === none ? 'no-such-tag' : secret.tag;
    if (name === 'copy') return 'tests';
    if (kind === 'int' || name === 'revision' || name === 'number') return '1';
    if (name === 'token' && kind === 'text') return 'A'.repeat(43);
    return ids[name] ?? nobody;
  });
}
const none = {};

function sendable(response) {
  const {status, headers} = response;
  return {status, headers: [...headers].filter(([name]) => !['date', 'x-request-id', 'content-length', 'server-timing', 'etag'].includes(name))
    .map(([name, value]) => [name, value.replace(/(%2F|\/)[0-9a-z]{12,13}(?=%2F|\/|$)/g, '$1ID').replace(/'nonce-[^']+'/g, "'nonce'").replace(/=[A-Za-z0-9_-]{22}(?=;)/g, '=…')])};
}
function settled(text, ids) {
  let body = text.replace(/"request_id":"[^"]*"/g, 'request').replace(/nonce="[^"]*"/g, 'nonce').replace(/name="_csrf" value="[^"]*"/g, 'csrf').replace(/(csrf-token[^>]*content|data-csrf|content)="[A-Za-z0-9_-]{43}"/g, '$1')
    .replace(/x-csrf-token[^A-Za-z0-9]+[A-Za-z0-9_-]{43}/g, 'csrf').replace(/\b[0-9a-z]{13}\b/g, 'ID');
  for (const id of Object.values(ids)) if (typeof id === 'string') body = body.replaceAll(id, 'ID');
  return body.replaceAll(nobody, 'ID');
}

// A stream of events never ends by itself: its beginning is enough.
async function textOf(response) {
  if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) return response.text();
  const reader = response.body.getReader();
  const first = await Promise.race([reader.read(), new Promise((done) => setTimeout(done, 300, {}))]);
  await reader.cancel();
  return Buffer.from(first.value ?? '').toString();
}

function leaksIn(text, headers, viewer) {
  const all = `${text}\n${[...headers].map((pair) => pair.join(': ')).join('\n')}`;
  const words = [...Object.values(secret), theirs.email, theirs.session_cookie];
  if (viewer === 'visitor' || viewer === 'teen') words.push(mature);
  return words.filter((word) => all.includes(word));
}

// The tag's own word stands in the address, and a page may say the address back.
const echoes = (path) => path.includes(secret.tag);

async function ask(viewer, method, path, {bearer} = {}) {
  const person = people[viewer];
  const headers = {accept: path.startsWith('/api/') ? 'application/json' : 'text/html', ...(bearer ? {authorization: `Bearer ${bearer}`} : {})};
  if (method === 'GET') return bearer ? fetch(new URL(path, site.url), {headers, redirect: 'manual'}) : person.fetch(path, {headers});
  if (bearer || path.startsWith('/api/')) {
    return (bearer ? fetch : (p, o) => person.fetch(p, o))(bearer ? new URL(path, site.url) : path, {
      method, redirect: 'manual', body: method === 'DELETE' ? undefined : '{}',
      headers: {...headers, 'content-type': 'application/json', ...(bearer ? {} : {origin: site.url, 'x-csrf-token': await person.token()})},
    });
  }
  return person.post(path, {text: 'x', direction: 'up', title: 'x'}, {headers});
}

// Leaving, and what would end the viewer's session, comes in tests of its own.
const ends = (row) => /sign-out|end-others|\/settings\/password$/.test(row.pattern);

for (const viewer of Object.keys(viewers)) {
  test(`another's ids and nobody's look the same to a ${viewer}, and nothing leaks`, {timeout: 120_000}, async () => {
    const wrong = [];
    for (const row of rows.filter((one) => !ends(one))) {
      const path = address(row.pattern, theirs);
      const missing = address(row.pattern, none);
      const withBearer = row.pattern.startsWith('/api/') && own[viewer]?.bearer ? own[viewer].bearer : undefined;
      const first = await ask(viewer, row.method, path, {bearer: withBearer});
      const body = await textOf(first);
      if (first.status >= 500) wrong.push(`${row.method} ${path}: ${first.status}`);
      const leaked = leaksIn(echoes(path) ? body.replaceAll(secret.tag, '') : body, echoes(path) ? [] : first.headers, viewer);
      if (leaked.length > 0) wrong.push(`${row.method} ${path}: says ${leaked}`);
      if (!/\{\w+:id\}|\{(work|chapter|comment|session|token)(:id)?\}/.test(row.pattern) || path === missing) continue;
      const second = await ask(viewer, row.method, missing, {bearer: withBearer});
      const other = await textOf(second);
      try {
        assert.deepEqual(sendable(first), sendable(second));
        assert.equal(settled(body, theirs), settled(other, theirs));
      } catch (difference) {
        wrong.push(`${row.method} ${path} (${first.status}) is not like ${missing} (${second.status}): ${difference.message.split('\n').filter((line) => /^[+-] /.test(line)).slice(0, 8).join(' ').slice(0, 600)}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test(`what a ${viewer} may see in part says nothing of the rest`, {timeout: 120_000}, async () => {
    const wrong = [];
    const open = {...theirs, work: theirs.openWork, chapter: theirs.openChapter};
    const grown = {...theirs, ...theirs.mature};
    for (const ids of [open, grown]) {
      for (const row of rows.filter((one) => !ends(one) && one.method === 'GET')) {
        for (const query of ['', '?show=draft', '?on=chapter', '?after=zz-zz', '?limit=-1', '?paragraph=%FF']) {
          const path = address(row.pattern, ids) + query;
          const response = await ask(viewer, 'GET', path);
          const body = await textOf(response);
          if (response.status >= 500) wrong.push(`GET ${path}: ${response.status}`);
          const leaked = leaksIn(echoes(path) ? body.replaceAll(secret.tag, '') : body, echoes(path) ? [] : response.headers, viewer);
          if (leaked.length > 0) wrong.push(`GET ${path}: says ${leaked}`);
        }
      }
    }
    for (const path of ['/', '/read', '/read?language=en', '/read?after=0-0', `/people/abi`, '/people/ms-ortega', '/people/noor', `/tags/${mature}`, '/api/v1/works', `/api/v1/works?tag=${secret.tag}`, `/api/v1/works?tag=${mature}`]) {
      const response = await ask(viewer, 'GET', path);
      let body = await textOf(response);
      for (const word of [secret.tag, mature]) if (path.includes(word)) body = body.replaceAll(word, '');
      const leaked = leaksIn(body, [], viewer);
      if (response.status >= 500 || leaked.length > 0) wrong.push(`GET ${path}: ${response.status} ${leaked}`);
    }
    assert.deepEqual(wrong, []);
  });
}

test('with ids of one\'s own nothing fails, and another\'s things are as they were', {timeout: 120_000}, async () => {
  const wrong = [];
  // What takes away comes last.
  const order = (row) => (/delete|revoke|end|discard|unpublish/.test(row.pattern) || row.method === 'DELETE' ? 1 : 0);
  for (const viewer of ['teen', 'adult', 'moderator']) {
    for (const row of rows.filter((one) => !ends(one)).sort((a, b) => order(a) - order(b))) {
      for (const bearer of row.pattern.startsWith('/api/') ? [own[viewer].bearer, undefined] : [undefined]) {
        const path = address(row.pattern, own[viewer]);
        const response = await ask(viewer, row.method, path, {bearer});
        const body = await textOf(response);
        if (response.status >= 500) wrong.push(`${viewer} ${row.method} ${path}: ${response.status}`);
        const leaked = leaksIn(body, response.headers, viewer).filter(() => !echoes(path));
        if (leaked.length > 0) wrong.push(`${viewer} ${row.method} ${path}: says ${leaked}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  const page = await people.abi.page(`/works/${theirs.work}/chapters/${theirs.chapter}/edit`);
  assert.ok(page.includes(secret.draft), 'the draft is as it was');
  const old = await people.abi.page(`/works/${theirs.openWork}/chapters/${theirs.openChapter}`);
  assert.ok(old.includes('Words for all.'));
  assert.ok((await people.abi.page('/settings/tokens')).includes(secret.token));
  assert.equal((await people.abi.fetch(`/works/${theirs.work}/edit`)).status, 200);
});

test('the one who owns them is shown all of it', async () => {
  const shown = [];
  for (const ids of [theirs, {...theirs, work: theirs.openWork, chapter: theirs.openChapter}]) {
    for (const row of rows.filter((one) => one.method === 'GET' && !one.pattern.endsWith('/live'))) {
      shown.push(await (await people.abi.fetch(address(row.pattern, ids), {headers: {accept: 'text/html'}})).text());
    }
  }
  const unseen = Object.values(secret).filter((word) => word !== secret.removed && !shown.some((text) => text.includes(word)));
  assert.deepEqual(unseen, [], 'the words are where the other tests would find them');
});

test('an API token without a scope, or of nobody, gets nothing', {timeout: 120_000}, async () => {
  const wrong = [];
  for (const row of rows.filter((one) => one.pattern.startsWith('/api/'))) {
    for (const bearer of ['braid_' + 'A'.repeat(43), 'x', '', own.teen.bearer + 'x']) {
      const path = address(row.pattern, theirs);
      const response = await fetch(new URL(path, site.url), {method: row.method, headers: {authorization: `Bearer ${bearer}`, 'content-type': 'application/json'}, body: ['GET', 'DELETE'].includes(row.method) ? undefined : '{}'});
      // A problem says of which address it is; that is what was asked for.
      const leaked = leaksIn((await textOf(response)).replaceAll(path, ''), response.headers, 'visitor');
      if (response.status >= 500 || leaked.length > 0) wrong.push(`${row.method} ${path}: ${response.status} ${leaked}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the log holds no secret', () => {
  const log = site.log();
  for (const word of [theirs.session_cookie, theirs.email, own.teen.bearer, 'harbour-lights-2026'].filter(Boolean)) {
    assert.ok(!log.includes(word), `the log says ${word.slice(0, 6)}…`);
  }
});
