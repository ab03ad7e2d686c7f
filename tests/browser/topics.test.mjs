// What people do with topics: say what they love, answer when it means two things, find works, tell moderators' words apart.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {startSite} from './support/site.mjs';

describe('topics', () => {
  let site, browser;
  before(async () => {
    site = await startSite();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });
  const mine = (page) => page.locator('.list .list-row b').allTextContents();

  for (const script of [true, false]) {
    test(`interests are kept as typed and asked about once, ${script ? 'with' : 'without'} script`, async () => {
      const page = await newPage(browser, {script, viewport: widths.phone});
      await signIn(page, site, script ? 'theo' : 'deniz');
      await page.goto(`${site.url}/interests`);
      if (script) {
        await page.fill('#f-typed', 'minec');
        await page.locator('#suggested button', {hasText: 'Minecraft'}).waitFor();
      }
      // Enter means what stands in the field, whatever is suggested below it.
      await page.fill('#f-typed', 'hp fanfic');
      await page.press('#f-typed', 'Enter');
      await page.locator('.flash').waitFor();
      assert.deepEqual(await mine(page), ['Harry Potter']);
      await page.fill('#f-typed', 'John');
      await page.press('#f-typed', 'Enter');
      await page.locator('#which-title').waitFor();
      await page.locator('button', {hasText: 'John Watson'}).click();
      await page.locator('.flash').waitFor();
      assert.deepEqual((await mine(page)).sort(), ['Harry Potter', 'John Watson']);
      await page.fill('#f-typed', 'sourdough');
      await page.press('#f-typed', 'Enter');
      await page.locator('.flash').waitFor();
      assert.deepEqual((await mine(page)).sort(), ['Harry Potter', 'John Watson', 'sourdough']);
      await page.locator('label', {hasText: 'Robotics'}).click();
      await page.locator('button', {hasText: 'Keep these'}).click();
      await page.locator('.flash').waitFor();
      await page.locator('button[aria-label="Remove sourdough"]').click();
      await page.locator('.flash').waitFor();
      assert.deepEqual((await mine(page)).sort(), ['Harry Potter', 'John Watson', 'Robotics']);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }

  test('a hub gathers works of narrower topics; a moderator says what a tag means and takes it back', async () => {
    const visitor = await newPage(browser);
    const workshop = await newPage(browser);
    await visitor.goto(`${site.url}/topics?q=writting`);
    await visitor.locator('main a.chip', {hasText: /^Writing$/}).click();
    const titles = () => visitor.locator('.works h3').allTextContents();
    const before_ = (await titles()).length;
    assert.ok(before_ >= 3);
    await signIn(workshop, site, 'sam-w');
    await workshop.goto(`${site.url}/wrangling`);
    const row = workshop.locator('li', {has: workshop.locator('b', {hasText: /^dialogue$/})});
    await row.locator('input[name=words]').fill('Screenwriting');
    await row.locator('button', {hasText: 'Link'}).click();
    await workshop.locator('.flash').waitFor();
    await visitor.reload();
    assert.ok((await titles()).length > before_);
    await workshop.locator('button', {hasText: 'Undo'}).first().click();
    await workshop.locator('.flash').waitFor();
    await visitor.reload();
    assert.equal((await titles()).length, before_);
    const turned = await visitor.request.get(visitor.url(), {headers: {accept: 'text/turtle'}});
    assert.match(turned.headers()['content-type'], /^text\/turtle/);
    assert.match(await turned.text(), /skos:prefLabel "Writing"@en/);
    assert.equal((await visitor.request.get(`${site.url}/wrangling`)).status() >= 400 || (await visitor.request.get(`${site.url}/wrangling`)).url().includes('sign-in'), true);
    assert.deepEqual([visitor.problems, workshop.problems], [[], []]);
  });
});
