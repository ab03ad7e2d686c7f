// A site begins: the link of `braid serve` makes the first administrator; she writes the site's terms, and who comes in is asked to read
// what is new. In Chromium, on a phone and a desk, light and dark.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {launch, newPage, widths} from './support/browser.mjs';
import {startSite} from './support/site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const secret = 'the lamp counts stairs';
let site, browser;
before(async () => {
  site = await startSite({demo: false, env: {BRAID_RATE_LIMITS: 'false'}});
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

// Nothing axe finds, and nothing wider than the screen.
async function isSound(page, what) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what} scrolls sideways by ${wide} px`);
  const session = await page.context().newCDPSession(page);  // past the page's own policy
  await session.send('Runtime.evaluate', {expression: axe});
  const run = 'axe.run().then((found) => JSON.stringify(found.violations.map((one) => `${one.id}: ${one.nodes[0].html}`)))';
  const {result} = await session.send('Runtime.evaluate', {expression: run, awaitPromise: true});
  assert.deepEqual(JSON.parse(result.value), [], what);
  if (process.env.SCREENSHOTS) await page.screenshot({path: `${process.env.SCREENSHOTS}/${what.replace(/\W+/g, '-')}.png`, fullPage: true});
}
async function everyWay(path, what, {before: prepare} = {}) {
  for (const theme of ['light', 'dark']) {
    for (const [name, viewport] of Object.entries({phone: widths.phone, desk: widths.desk})) {
      for (const language of name === 'phone' ? ['en', 'es'] : ['en']) {
        const page = await newPage(browser, {theme, viewport, language});
        await prepare?.(page);
        await page.goto(site.url + path);
        await isSound(page, `${what} ${theme} ${name} ${language}`);
        assert.deepEqual(page.problems, []);
        await page.context().close();
      }
    }
  }
}
async function comeIn(page, name) {
  await page.goto(`${site.url}/sign-in?next=/library`);
  await page.fill('[name=name]', name);
  await page.fill('[name=password]', secret);
  await page.click('main form[action="/sign-in"] button');
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}
const path = (page) => new URL(page.url()).pathname;

test('the link makes the first administrator, once', async () => {
  const link = site.log().match(/\/setup\/[\w-]+/)?.[0];
  assert.ok(link, 'serve says where to begin');
  await everyWay(link, 'setup');
  const page = await newPage(browser, {viewport: widths.phone, script: false});
  await page.goto(site.url + link);
  await page.fill('[name=display_name]', 'Ada');
  await page.fill('[name=handle]', 'ada');
  await page.fill('[name=password]', 'short');
  await page.selectOption('[name=birth_month]', '2');
  await page.fill('[name=birth_year]', '1980');
  await page.click('main form button');
  assert.match(await page.textContent('main'), /password/i);
  await page.fill('[name=password]', secret);
  await page.click('main form button');
  assert.equal(path(page), '/sign-in');
  const again = await page.goto(site.url + link);
  assert.equal(again.status(), 404);
  assert.equal((await page.goto(`${site.url}/setup`)).status(), 404);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('everybody reads the documents', async () => {
  for (const one of ['privacy', 'guidelines', 'terms']) await everyWay(`/${one}`, one);
  const page = await newPage(browser);
  await page.goto(`${site.url}/sign-up`);
  for (const one of ['privacy', 'guidelines', 'terms']) {
    assert.ok(await page.locator(`main a[href="/${one}"]`).count(), `sign-up leads to /${one}`);
    assert.ok(await page.locator(`footer a[href="/${one}"]`).count(), `the footer leads to /${one}`);
  }
  await page.goto(`${site.url}/privacy`);
  await page.click('main a[href="/privacy/retention"]');
  assert.equal(path(page), '/privacy/retention');
  await page.context().close();
});

test('an administrator publishes, and who comes in is asked kindly', async () => {
  const bo = await newPage(browser, {viewport: widths.phone});
  await bo.goto(`${site.url}/sign-up`);
  await bo.fill('[name=display_name]', 'Bo');
  await bo.fill('[name=handle]', 'bo-reads');
  await bo.fill('[name=password]', secret);
  await bo.fill('[name=birth_day]', '3');
  await bo.selectOption('[name=birth_month]', '1');
  await bo.fill('[name=birth_year]', '1990');
  await bo.click('main form[action="/sign-up"] button');
  await bo.waitForURL((url) => url.pathname === '/interests');
  await bo.context().clearCookies();

  const ada = await newPage(browser);
  await comeIn(ada, 'ada');
  await ada.goto(`${site.url}/admin/documents`);
  await isSound(ada, 'documents of an administrator');
  await ada.click('a[href="/admin/documents/terms"]');
  await ada.waitForURL(/documents\/terms/);
  await ada.fill('[name=text_en]', 'Be **good** to each other.');
  await ada.fill('[name=text_es]', 'Trataos **bien**.');
  await ada.check('[name=important]');
  await ada.click('button[value=publish]');
  await ada.locator('.field-error').first().waitFor();
  assert.match(await ada.textContent('main'), /What is new/, 'an important change says what is new');
  await ada.fill('[name=changed_en]', 'It is shorter.');
  await ada.fill('[name=changed_es]', 'Es más corto.');
  await ada.click('button[value=preview]');
  await ada.locator('#preview').waitFor();
  assert.equal(await ada.locator('strong', {hasText: 'good'}).count(), 1);
  await isSound(ada, 'editing with a preview');
  await ada.setViewportSize(widths.phone);
  await isSound(ada, 'editing with a preview on a phone');
  await ada.click('button[value=publish]');
  await ada.locator('a[href="/terms?version=2"]').waitFor();

  await comeIn(bo, 'bo-reads');
  assert.equal(path(bo), '/documents/accept');
  assert.match(await bo.textContent('main'), /It is shorter\./);
  await isSound(bo, 'asking on a phone');
  await bo.click('form[action="/documents/accept"] button');
  await bo.waitForURL(/library/);
  assert.equal(path(bo), '/library');
  await bo.context().clearCookies();
  await comeIn(bo, 'bo-reads');
  assert.equal(path(bo), '/library', 'once is enough');
  await bo.goto(`${site.url}/terms?version=1`);
  assert.match(await bo.textContent('main'), /older version/);
  for (const page of [ada, bo]) {
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});
