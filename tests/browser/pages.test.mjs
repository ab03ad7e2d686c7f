// Every page, as every kind of viewer: valid HTML (the Nu checker), no accessibility violation (axe) in both themes and languages,
// nothing that scrolls sideways at 320 px or with text at 200 %, no error on the console.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {findPages} from './support/pages.mjs';
import {Person, startSite} from './support/site.mjs';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
let site, browser, pages;

before(async () => {
  site = await startSite({env: {BRAID_RATE_LIMITS: 'false'}});
  browser = await launch();
  pages = await findPages(site);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

test('the crawl finds the site', () => {
  for (const viewer of ['visitor', 'teen', 'adult', 'moderator']) {
    assert.ok(pages.filter((page) => page.viewer === viewer).length > 8, `${viewer} finds too few pages`);
  }
  const broken = pages.filter((page) => page.status >= 500 || (page.status === 404 && page.path !== '/nowhere-at-all'));
  assert.deepEqual(broken.map(({viewer, path, status}) => `${viewer} ${path} ${status}`), [], 'links that lead nowhere');
});

test('valid HTML in both languages', async (t) => {
  const vnu = join(require.resolve('vnu-jar/package.json'), '../build/dist/vnu.jar');
  const folder = mkdtempSync(join(tmpdir(), 'braid-html-'));
  const names = new Map();
  for (const language of ['en', 'es']) {
    const people = new Map();
    for (const [index, {viewer, handle, path}] of pages.entries()) {
      if (!people.has(viewer)) {
        const person = new Person(site);
        if (handle) await person.signIn(handle);
        people.set(viewer, person);
      }
      const response = await people.get(viewer).fetch(path, {headers: {accept: 'text/html', 'accept-language': language}});
      const file = join(folder, `${language}-${index}.html`);
      writeFileSync(file, await response.text());
      names.set(file, `${viewer} ${language} ${path}`);
    }
  }
  const run = spawnSync('java', ['-jar', vnu, '--format', 'json', '--exit-zero-always', ...names.keys()], {encoding: 'utf8', maxBuffer: 1 << 28});
  const messages = JSON.parse(run.stderr).messages.filter((message) => message.type === 'error');
  const found = messages.map((m) => `${names.get(m.url.replace(/^file:/, ''))}: ${m.message} — ${m.extract ?? ''}`);
  t.diagnostic(`${names.size} pages checked`);
  assert.deepEqual([...new Set(found)].slice(0, 20), []);
});

async function axeOf(page) {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() => globalThis.axe.run(document, {resultTypes: ['violations']}));
  return result.violations.map((v) => `${v.id}: ${v.help} — ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`);
}

for (const theme of ['light', 'dark']) {
  for (const language of ['en', 'es']) {
    test(`axe finds nothing: ${theme}, ${language}`, async () => {
      const found = [];
      for (const viewer of new Set(pages.map((page) => page.viewer))) {
        const mine = pages.filter((page) => page.viewer === viewer);
        const page = await newPage(browser, {theme, language, viewport: language === 'en' ? widths.desk : widths.phone});
        if (mine[0].handle) await signIn(page, site, mine[0].handle);
        for (const {path} of mine) {
          await page.goto(site.url + path, {waitUntil: 'load'});
          for (const violation of await axeOf(page)) found.push(`${viewer} ${path}: ${violation}`);
          for (const problem of page.problems.splice(0)) found.push(`${viewer} ${path}: ${problem}`);
        }
        await page.context().close();
      }
      assert.deepEqual(found.slice(0, 20), []);
    });
  }
}

for (const [name, doubled] of [
  ['at 320 px', false],
  ['at 390 px with text at 200 %', true],
]) {
  test(`nothing scrolls sideways ${name}`, async () => {
    const found = [];
    for (const viewer of ['visitor', 'teen']) {
      const mine = pages.filter((page) => page.viewer === viewer);
      const page = await newPage(browser, {viewport: doubled ? widths.phone : widths.narrow});
      if (mine[0].handle) await signIn(page, site, mine[0].handle);
      for (const {path} of mine) {
        if (path === '/styleguide') continue;
        await page.goto(site.url + path);
        if (doubled) await page.evaluate(() => { document.documentElement.style.fontSize = '212%'; });
        const over = await page.evaluate(() => {
          const limit = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= limit + 1) return null;
          const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > limit + 1);
          return wide.slice(0, 3).map((e) => `${e.tagName}.${e.className}`).join(', ');
        });
        if (over !== null) found.push(`${viewer} ${path}: ${over}`);
      }
      await page.context().close();
    }
    assert.deepEqual(found, []);
  });
}

test('a phone shows a visitor one line of header, also before the fonts come', async () => {
  for (const language of ['en', 'es']) {
    for (const width of [412, 390, 360]) {
      for (const fonts of [true, false]) {
        const page = await newPage(browser, {language, viewport: {width, height: 800}});
        if (!fonts) await page.route('**/*.woff2', (route) => route.abort());
        await page.goto(site.url);
        const height = await page.locator('header.top').evaluate((header) => header.offsetHeight);
        assert.ok(height < 70, `${language}, ${width} px, ${fonts ? 'fonts' : 'no fonts'}: ${height} px`);
        await page.context().close();
      }
    }
  }
});
