// Searching as people do: from the header by keyboard alone, with filters, with a slip of the finger, without script.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {startSite} from './support/site.mjs';

describe('search', () => {
  let site, browser;
  before(async () => {
    site = await startSite();
    browser = await launch();
    // The index hears of the demo's works as it would of anybody's.
    for (let tries = 0; ; ++tries) {
      const count = async (q, wanted) => (await (await fetch(`${site.url}/api/v1/search?q=${q}`)).json()).counts.find(({kind}) => kind === wanted).count;
      if (await count('lamp', 'work') > 0 && await count('okafor', 'person') > 0) break;
      assert.ok(tries < 300, 'nothing was indexed');
      await new Promise((done) => setTimeout(done, 50));
    }
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  test('"/" goes to the box, arrows choose, Escape closes, Enter goes', async () => {
    const page = await newPage(browser);
    await signIn(page, site, 'abi');
    await page.goto(site.url);
    await page.keyboard.press('/');
    const box = page.locator('#top-q');
    assert.equal(await box.evaluate((one) => one === document.activeElement), true);
    assert.equal(await box.inputValue(), '', 'the key that goes there is not typed');
    const options = page.locator('#top-q-found [role=option]');
    const active = () => box.getAttribute('aria-activedescendant');
    await page.keyboard.type('lamp');
    await options.first().waitFor();
    assert.equal(await box.getAttribute('aria-expanded'), 'true');
    assert.equal(await active(), null, 'nothing is chosen by itself');
    await page.keyboard.press('ArrowDown');
    assert.equal(await active(), await options.first().getAttribute('id'));
    await page.keyboard.press('ArrowUp');
    assert.equal(await active(), null, 'before the first stands the box');
    await page.keyboard.press('Escape');
    assert.equal(await box.getAttribute('aria-expanded'), 'false');
    assert.equal(await box.inputValue(), 'lamp');
    await page.keyboard.type('s');
    await page.keyboard.press('Backspace');
    await options.first().waitFor();
    await page.keyboard.press('ArrowUp');
    const last = options.last();
    assert.equal(await active(), await last.getAttribute('id'));
    const href = await last.getAttribute('data-href');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site.url}${href}`);
    // Without a choice Enter searches.
    await page.goto(site.url);
    await page.keyboard.press('/');
    await page.keyboard.type('lamp');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/search\?q=lamp/);
    await page.keyboard.press('/');
    assert.equal(await page.locator('#f-q').evaluate((one) => one === document.activeElement), true, 'on the page of search it is the page\'s own box');
    await page.keyboard.type('/');
    assert.match(await page.locator('#f-q').inputValue(), /\//, 'inside a box it is a letter');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  for (const script of [true, false]) {
    test(`filters are typed or chosen and taken away again, ${script ? 'with' : 'without'} script`, async () => {
      const page = await newPage(browser, {script, viewport: widths.phone});
      await page.goto(`${site.url}/search?q=lamp`);
      const all = await page.locator('main ol > li').count();
      assert.ok(all > 0);
      await page.fill('#f-q', 'lamp status:complete language:en');
      await page.press('#f-q', 'Enter');
      await page.waitForURL(/status/);
      assert.equal(await page.inputValue('#f-q'), 'lamp', 'what was typed as a filter stands in the form');
      assert.equal(await page.inputValue('#f-status'), 'complete');
      assert.equal(await page.inputValue('#f-language'), 'en');
      const chips = page.locator('ul[aria-label="Filters in use"] a');
      assert.equal(await chips.count(), 2);
      assert.ok(await page.locator('main ol > li').count() < all, 'there is less of it');
      await chips.first().click();
      assert.equal(await page.locator('ul[aria-label="Filters in use"] a').count(), 1);
      await page.locator('nav.tabs a', {hasText: 'Chapters'}).click();
      await page.waitForURL(/kind=chapter/);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }

  test('a slip of the finger is understood, said, and can be undone', async () => {
    const page = await newPage(browser);
    await page.goto(`${site.url}/search?q=lihgthouse`);
    assert.match(await page.locator('main [role=status]').textContent(), /lighthouse/);
    assert.ok(await page.locator('main mark').count() > 0);
    await page.locator('main [role=status] a').click();
    assert.equal(await page.locator('main ol > li').count(), 0);
    await page.context().close();
  });

  test('adults are found by name, minors are not', async () => {
    const page = await newPage(browser);
    await page.goto(`${site.url}/search?q=okafor`);
    await page.locator('main .person a', {hasText: 'Okafor'}).waitFor();
    for (const who of [null, 'mr-okafor']) {
      const other = await newPage(browser);
      if (who) await signIn(other, site, who);
      await other.goto(`${site.url}/search?q=abi&kind=person`);
      assert.equal(await other.locator('main .person').count(), 0, `${who ?? 'a visitor'} finds no minor`);
      await other.context().close();
    }
    await page.context().close();
  });
});
