// What is for Abi on her home page: cards with true reasons, a no that can be taken back, by hand and by keyboard, with and without script;
// and what comes after the last chapter.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {Person, startSite} from './support/site.mjs';

describe('guidance', () => {
  let site, browser;
  before(async () => {
    site = await startSite();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });
  const cards = (page) => page.locator('section[aria-labelledby=for-you-title] .work-card, main > .wrap > section[aria-labelledby=list-title] .work-card');
  const titles = (page) => cards(page).locator('h3').allTextContents();

  test('Abi’s home has a few works of different people, none of them hers, each with its reason', async () => {
    const page = await newPage(browser, {viewport: widths.phone});
    await signIn(page, site, 'abi');
    await page.goto(site.url);
    const found = await titles(page);
    assert.ok(found.length >= 3 && found.length <= 6, found.join());
    assert.ok(!found.includes('The Lamp Room') && !found.includes('The Salt Road') && !found.includes('Paper Dragons'), found.join());
    const reasons = await cards(page).locator('.why .grow').allTextContents();
    assert.equal(reasons.length, found.length);
    for (const reason of reasons) assert.match(reason, /^Because .+\.$/);
    assert.ok(reasons.some((reason) => reason.includes('you follow ')), reasons.join('\n'));
    assert.ok(reasons.some((reason) => reason.includes('few people have read it yet')), reasons.join('\n'));
    const authors = await cards(page).locator('.meta span:first-child').allTextContents();
    assert.equal(new Set(authors).size, authors.length);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  for (const script of [true, false]) {
    test(`"not for me" takes a work away and gives it back, by keyboard alone, ${script ? 'with' : 'without'} script`, async () => {
      const page = await newPage(browser, {script, viewport: widths.phone});
      await signIn(page, site, 'abi');
      await page.goto(`${site.url}/guidance`);
      const [title] = await titles(page);
      const reach = async (name) => {
        for (let i = 0; i < 80; ++i) {
          if ((await page.evaluate(() => document.activeElement?.textContent ?? '')).startsWith(name)) return;
          await page.keyboard.press('Tab');
        }
        assert.fail(`no way to ${name} by keyboard`);
      };
      await reach('Not for me');
      await page.keyboard.press('Enter');
      if (script) {
        await page.locator('[role=status]', {hasText: 'will not be suggested'}).waitFor();
        await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Undo'));
      } else {
        await page.locator('.flash').waitFor();
        assert.ok(!(await titles(page)).includes(title));
        await reach('Undo');
      }
      await page.keyboard.press('Enter');
      await page.locator(script ? '[role=status]' : '.flash', {hasText: 'may be suggested'}).waitFor();
      await page.goto(`${site.url}/guidance`);
      assert.equal((await titles(page))[0], title);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });

    test(`after the last chapter comes another work, ${script ? 'with' : 'without'} script`, async () => {
      const page = await newPage(browser, {script});
      await signIn(page, site, 'deniz');
      await page.goto(`${site.url}/read`);
      await page.locator('h3 a', {hasText: 'The Salt Road'}).click();
      await page.locator('.toc a').last().click();
      if (script) {
        await page.locator('#next').scrollIntoViewIfNeeded();
      } else {
        await page.locator('a', {hasText: 'What to read next'}).click();
        await page.locator('h1', {hasText: 'After The Salt Road'}).waitFor();
      }
      const next = page.locator('section[aria-labelledby=next-title]');
      await next.waitFor();
      assert.match(await next.locator('.why').first().textContent(), /^Because .*The Salt Road/);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }

  for (const script of [true, false]) {
    test(`a chapter ends with its work's topics and, beside the next chapter, one other work, ${script ? 'with' : 'without'} script`, async () => {
      const page = await newPage(browser, {script, viewport: widths.phone});
      await signIn(page, site, 'deniz');
      await page.goto(`${site.url}/read`);
      await page.locator('h3 a', {hasText: 'The Salt Road'}).click();
      await page.locator('.toc a').first().click();
      await page.locator('.chapter-end a[rel=next]').waitFor();
      const chapter = page.url();
      const hub = page.locator('.chapter-end .chips a', {hasText: 'fantasy'});
      assert.equal(await hub.getAttribute('href'), '/tags/fantasy?topic=en');
      if (script) {
        await page.locator('#next').scrollIntoViewIfNeeded();
        const other = page.locator('#next .work-card');
        await other.waitFor();
        assert.equal(await other.count(), 1);
        assert.match(await other.locator('.why').textContent(), /Because .*The Salt Road/);
        await other.locator('button', {hasText: 'Not for me'}).click();
        await page.locator('#next [role=status]', {hasText: 'will not be suggested'}).waitFor();
        await page.locator('#next button', {hasText: 'Undo'}).click();
        await page.locator('#next [role=status]', {hasText: 'may be suggested'}).waitFor();
      } else {
        await page.locator('#next a').click();
        await page.locator('a[rel=next]', {hasText: 'chapter 2'}).or(page.locator('a[rel=next]', {hasText: 'Chapter 2'})).waitFor();
        await page.goto(chapter);
      }
      await hub.click();
      await page.waitForURL('**/topics/**');
      await page.locator('h1', {hasText: 'Fantasy'}).waitFor();
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }

  test('in the second in which its author hides a work, nobody is led to it', async () => {
    const reader = await new Person(site).signIn('abi');
    const author = await new Person(site).signIn('mina');
    const list = await (await reader.fetch('/guidance')).text();
    const [, work] = list.match(/href="(\/works\/[0-9a-z]+)">Signal Fires</);
    const form = await (await author.fetch(`${work}/edit`)).text();
    const fields = new URLSearchParams();
    for (const [, name, value] of form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) fields.append(name, value);
    for (const [name, value] of Object.entries({title: 'Signal Fires', language: 'en', rating: 'teen', visibility: 'me', status: 'ongoing', comments: 'open',
      licence: 'cc_by_nc', warnings_said: 'none', tags: 'mystery'})) fields.set(name, value);
    const saved = await author.fetch(`${work}/edit`, {method: 'POST', body: fields, headers: {origin: site.url, 'content-type': 'application/x-www-form-urlencoded'}});
    assert.equal(saved.status, 303, await saved.text());
    for (const path of ['/', '/guidance', '/api/v1/guidance']) {
      assert.ok(!(await (await reader.fetch(path)).text()).includes('Signal Fires</a></h3>'), path);
    }
    assert.ok(!(await (await reader.fetch('/guidance')).text()).includes('Signal Fires'));
  });
});
