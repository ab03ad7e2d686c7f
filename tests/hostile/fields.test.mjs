// Script through every field there is: each form of each page, as everybody who is shown it, and each operation of the API, found in the
// pages and in the document. Said back or kept, it is text; and what kept it is opened in a browser.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch} from '../browser/support/browser.mjs';
import {everybody, filledIn, findForms, formsOf, operationsOf, shapeOf, submit, valueOf} from './fields.mjs';
import {Somebody, startUnlimited} from './support.mjs';
import {guardedPage, look} from './watch.mjs';

// No page of ours holds such an element: where it stands unescaped, a script could.
const attack = '"\'><zqx onzq=1></textarea><script>window.pwned=1</script><img src=x onerror=window.pwned=1>';
const short = '"><zqx onzq=1>';
const raw = /<zqx/i;
const shown = /&lt;zqx/i;
const cut = (most) => (most === undefined || Number(most) >= attack.length ? attack : Number(most) >= short.length ? short : '"><b>'.slice(0, Number(most)));
// They end the session that the other forms are sent with; their fields are passwords, and are tried in the sign-in's form.
const ends = (path) => /sign-out|\/settings\/(password|data\/end|sessions)|end-others|\/guardian\/ties/.test(path);

let site, browser, found;
before(async () => {
  site = await startUnlimited();
  found = await findForms(site);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

// What is wrong with an answer; '' when nothing is.
async function verdict(what, answer) {
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  if (answer.status >= 500) return `${what}: ${answer.status}`;
  if (answer.headers.get('x-content-type-options') !== 'nosniff') return `${what}: may be taken for something else`;
  if (type.startsWith('text/html') && raw.test(text)) return `${what}: says it back unescaped: ${text.slice(Math.max(0, text.search(raw) - 60), text.search(raw) + 40)}`;
  if ([...answer.headers].some(([name, value]) => name !== 'location' && /zqx/.test(value))) return `${what}: in a header`;
  return '';
}

test('what is looked for here would be found', async () => {
  const said = (html, type = 'text/html', headers = {}) => verdict('x', new Response(html, {headers: {'content-type': type, 'x-content-type-options': 'nosniff', ...headers}}));
  assert.equal(await said('<p>&lt;zqx onzq=1&gt;</p>'), '');
  assert.match(await said(`<input value="${attack}">`), /unescaped/);
  assert.match(await said('ok', 'text/html', {'x-said': short}), /header/);
  assert.match(await said('ok', 'text/html', {'x-content-type-options': ''}), /something else/);
  const page = await guardedPage(browser, site, null);
  await page.goto(`${site.url}/`);
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<a href="javascript:1" onzq="1">x</a><iframe></iframe>'));
  await look(page, '/');
  assert.equal(page.wrong.filter((one) => /onzq|javascript:|IFRAME/.test(one)).length, 3, page.wrong.join('; '));
  await page.context().close();
  const [form] = formsOf('<form method="post" action="/a"><input name="q" maxlength="5"><textarea name="t">x &amp; y</textarea><select name="s"><option value="1">a</option><option value="2" selected>b</option></select></form>', '/here');
  assert.deepEqual(form.fields.map(({name, kind, value}) => [name, kind, value]), [['q', 'text', ''], ['t', 'text', 'x & y'], ['s', 'choice', '2']]);
});

test('every field of every form takes script as text or not at all', {timeout: 240_000}, async (t) => {
  const wrong = new Set(), kept = new Set(), refused = new Set();
  let fields = 0;
  for (const form of found.forms.filter((one) => !ends(one.action))) {
    const person = found.people[form.who];
    const what = `${form.method} ${shapeOf(form.action)} (${form.who})`;
    const texts = form.fields.filter((field) => field.kind === 'text');
    const note = async (name, answer) => {
      const bad = await verdict(`${what} ${name}`, answer);
      if (bad) wrong.add(bad);
      (answer.status < 400 ? kept : refused).add(`${what} ${name}`);
      return answer.status < 400;
    };
    // All that is typed at once, as somebody would; alone, what is too picky for that.
    const together = texts.length > 0 && await note(texts.map((field) => field.name).join('+'), await submit(person, form, filledIn(form, (field) => cut(field.most))));
    for (const field of form.fields.filter((one) => one.kind !== 'file')) {
      fields += 1;
      if (together && field.kind === 'text') continue;
      const rest = filledIn(form, (one) => one.value || 'Words');
      await note(field.name, await submit(person, form, {...rest, [field.name]: cut(field.most)}));
    }
  }
  t.diagnostic(`${fields} fields of ${found.forms.length} forms on ${found.pages.length} pages; taken: ${kept.size}; refused: ${refused.size}`);
  assert.deepEqual([...wrong], []);
  assert.ok(found.forms.length >= 40 && kept.size >= 25, `${found.forms.length} forms, ${kept.size} taken`);
});

test('nor does any query of a page say script back', {timeout: 120_000}, async () => {
  const wrong = [];
  for (const {who, path} of found.links) {
    for (const name of new URLSearchParams(path.split('?')[1]).keys()) {
      const query = new URLSearchParams(path.split('?')[1]);
      query.set(name, attack);
      const bad = await verdict(`GET ${path} ${name} (${who})`, await found.people[who].fetch(`${path.split('?')[0]}?${query}`, {headers: {accept: 'text/html'}}));
      if (bad) wrong.push(bad);
    }
  }
  for (const path of new Set(found.pages.map((page) => shapeOf(page.path).split('?')[0]))) {
    const bad = await verdict(`GET ${path}/${attack}`, await found.people.teen.fetch(`${path.replace(/\/$/, '')}/${encodeURIComponent(attack)}?next=${encodeURIComponent(attack)}&q=${encodeURIComponent(attack)}`, {headers: {accept: 'text/html'}}));
    if (bad) wrong.push(bad);
  }
  assert.deepEqual(wrong, []);
});

// The ids that an operation's address wants, from the pages of who asks.
function idsOf(who) {
  const ids = {};
  const rooms = {works: 'work', chapters: 'chapter', comments: 'comment', people: 'handle', topics: 'topic', cases: 'case', children: 'child', decisions: 'decision', appeals: 'appeal', interests: 'interest'};
  for (const {html} of found.pages.filter((page) => page.who === who)) {
    for (const [, room, id] of html.matchAll(/(?:href|action)="\/(?:[a-z-]+\/)*?(works|chapters|comments|people|topics|cases|children|decisions|appeals|interests)\/([0-9a-z_-]+)/g)) if (id !== 'new') ids[rooms[room]] ??= id;
    for (const [, work, chapter] of html.matchAll(/\/works\/([0-9a-z]+)\/chapters\/([0-9a-z]+)\/edit/g)) Object.assign(ids, {work, chapter});
  }
  return ids;
}

test('every text of every operation of the API is text', {timeout: 180_000}, async (t) => {
  const {operations} = await operationsOf(site);
  const wrong = new Set(), taken = new Set();
  let texts = 0;
  for (const who of ['mentor', 'guardian', 'moderator', 'administrator']) {
    const person = await new Somebody(site).signIn(everybody[who]);
    const made = await (await person.post('/settings/tokens', {name: 'every field', days: '30', read: '1', write: '1', account: '1'})).text();
    const bearer = made.match(/\b(braid_[A-Za-z0-9_-]{43})\b/)?.[1];
    assert.ok(bearer, `a token for ${who}`);
    const ids = idsOf(who);
    const send = async (one, body, query = '') => {
      const path = one.path.replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? '1zzzzzzzzzzzz');
      const answer = await fetch(`${site.url}${path}${query}`, {method: one.method, headers: {authorization: `Bearer ${bearer}`, 'content-type': 'application/json'}, body: body === undefined ? undefined : JSON.stringify(body)});
      if (answer.headers.get('content-type') && !/^application\/(problem\+)?json/.test(answer.headers.get('content-type'))) wrong.add(`${one.id}: answers ${answer.headers.get('content-type')}`);
      const bad = await verdict(`${one.id} (${who})`, answer);
      if (bad) wrong.add(bad);
      return answer.status < 300;
    };
    for (const one of operations.filter((op) => !/password|erasure|signOut|endSession|revokeToken|deleteWork/i.test(op.id))) {
      for (const parameter of one.query) await send({...one, method: 'GET'}, undefined, `?${parameter.name}=${encodeURIComponent(attack)}`);
      if (!one.body) continue;
      const names = Object.entries(one.body.properties ?? {}).filter(([, schema]) => [schema.type].flat().includes('string') && !schema.enum && !schema.format).map(([name]) => name);
      texts += names.length;
      // What must be there, as somebody would say it, and one text more.
      const plain = (schema, name) => ({language: 'en', kind: 'work', object: ids.work, scopes: 'read', chapters: ids.chapter, password: 'not hers at all'}[name] ?? 'Words');
      for (const name of names) {
        const must = new Set([...(one.body.required ?? []), name]);
        const properties = Object.fromEntries(Object.entries(one.body.properties).filter(([key]) => must.has(key)));
        if (await send(one, valueOf({...one.body, properties}, (schema, key) => (key === name ? cut(schema.maxLength) : plain(schema, key))))) taken.add(`${one.id}.${name}`);
      }
    }
  }
  t.diagnostic(`${texts} texts of ${operations.length} operations tried by four people; taken: ${[...taken].join(' ')}`);
  assert.deepEqual([...wrong], []);
  assert.ok(taken.size >= 8, `only ${[...taken]} took it`);
});

test('what was kept is shown as text to everybody, and a browser runs none of it', {timeout: 240_000}, async (t) => {
  const later = await findForms(site, {perPerson: 200});
  assert.deepEqual(later.pages.filter((page) => raw.test(page.html)).map((page) => `${page.who} ${page.path}`), []);
  const showing = later.pages.filter((page) => shown.test(page.html));
  t.diagnostic(`${showing.length} of ${later.pages.length} pages show what was typed`);
  assert.ok(showing.length >= 15, showing.map((page) => page.path).join(' '));
  const wrong = new Set();
  for (const who of new Set(showing.map((page) => page.who))) {
    const page = await guardedPage(browser, site, everybody[who]);
    for (const {path} of showing.filter((one) => one.who === who)) {
      await page.goto(site.url + path, {waitUntil: 'load'});
      await look(page, path);
    }
    page.wrong.forEach((one) => wrong.add(`${who}: ${one}`));
    await page.context().close();
  }
  assert.deepEqual([...wrong], []);
});
