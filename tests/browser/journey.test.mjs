// The main job, clicked through: somebody joins, writes a chapter and publishes it; somebody else reads it and comments on a paragraph.
// With script and without, on a phone and with the keyboard alone.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {startSite} from './support/site.mjs';

let site, browser, number = 0;

before(async () => {
  site = await startSite({env: {BRAID_RATE_LIMITS: 'false'}});
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function join(page, {year = '2010'} = {}) {
  const handle = `newcomer-${++number}`;
  await page.goto(`${site.url}/sign-up`);
  if (await page.locator('[name=birth_year]').count()) {
    await page.fill('[name=birth_day]', '14');
    await page.selectOption('[name=birth_month]', '3');
    await page.fill('[name=birth_year]', year);
    if (!(await page.locator('[name=handle]').count())) {
      await page.click('main button:not([type=button])');
      await page.waitForSelector('[name=handle]');
    }
  }
  await page.fill('[name=display_name]', 'Wren K.');
  await page.fill('[name=handle]', handle);
  await page.fill('[name=password]', 'nine grey petals of a flower');
  await page.click('main form button:not([type=button])');
  await page.waitForURL((url) => url.pathname !== '/sign-up');
  return handle;
}

async function writeAndPublish(page, {title, paragraphs}) {
  await page.goto(`${site.url}/works/new`);
  await page.fill('[name=title]', title);
  await page.fill('[name=summary]', 'A door that should have been shut.');
  await page.fill('[name=tags]', 'ghost stories, doors');
  await page.check('[name=visibility][value=everyone]');
  await page.click('main form button[type=submit]:not([formaction])');
  await page.waitForURL(/\/works\/[0-9a-z]+/);
  if (!/\/chapters\//.test(page.url())) {
    const chapter = page.locator('form[action$="/chapters/new"] button, a[href$="/chapters/new"]').first();
    if (await chapter.count()) await chapter.click();
  }
  await page.waitForURL(/\/chapters\/[0-9a-z]+\/edit/);
  await page.fill('[name="title"]', 'The first stair');
  await page.fill('[name="text"]', paragraphs.join('\n\n'));
  await page.click('button[formaction$="/publish"]');
  await page.waitForURL((url) => !url.pathname.endsWith('/edit'));
  const [, work] = page.url().match(/\/works\/([0-9a-z]+)/);
  return `${site.url}/works/${work}`;
}

const paragraphs = ['The door was *four inches* thick.', 'Somebody put a foot on the first stair.', '"One," said somebody.'];

for (const script of [true, false]) {
  test(`join, write, publish, be read and answered ${script ? 'with' : 'without'} script`, async () => {
    const writer = await newPage(browser, {script, viewport: widths.phone});
    await join(writer);
    const work = await writeAndPublish(writer, {title: `The Shut Door ${script}`, paragraphs});

    const reader = await newPage(browser, {script, viewport: script ? widths.desk : widths.phone});
    await signIn(reader, site, 'deniz');
    await reader.goto(work);
    await reader.click('main a[href*="/chapters/"]');
    await reader.waitForURL(/\/chapters\//);
    const chapter = reader.url().split('#')[0];
    assert.equal(await reader.locator('.para').count(), 3);
    assert.equal(await reader.locator('.para em').first().innerText(), 'four inches');
    await reader.locator('.para').nth(1).locator('a.mark').click();
    await reader.waitForSelector('[name=text]');
    assert.equal(reader.url().split('#')[0] === chapter, script, 'with script the page stays');
    await reader.locator('.thread [name=text], main [name=text]').first().fill('I checked our own door.');
    await reader.locator('.comment-form button[type=submit]').first().click();
    await reader.getByText('I checked our own door.').first().waitFor();
    assert.equal(reader.url().includes('/comments?') , !script && reader.url().includes('/comments?'));
    if (script) {
      assert.equal((await reader.locator('.para').nth(1).locator('a.mark').innerText()).trim(), '1', 'the count in the margin follows');
      await reader.keyboard.press('Escape');
      assert.equal(await reader.locator('.para .thread').count(), 0, 'Escape closes the thread');
    }
    await reader.goto(chapter);
    assert.equal((await reader.locator('.para').nth(1).locator('a.mark').innerText()).trim(), '1');
    await reader.locator('form[action$="/kudos"] button').first().click();
    await reader.locator('form[action$="/kudos"] [aria-pressed="true"]').first().waitFor();

    await writer.goto(`${site.url}/`);
    await writer.getByText('I checked our own door.').first().waitFor();
    assert.deepEqual([...writer.problems, ...reader.problems], []);
    await writer.context().close();
    await reader.context().close();
  });
}

test('under the consent age: refused kindly, nothing kept, and the question is not asked again', async () => {
  const page = await newPage(browser);
  const year = String(new Date().getFullYear() - 9);
  await page.goto(`${site.url}/sign-up`);
  await page.fill('[name=birth_day]', '1');
  await page.selectOption('[name=birth_month]', '1');
  await page.fill('[name=birth_year]', year);
  if (await page.locator('[name=handle]').count()) {
    await page.fill('[name=display_name]', 'Small');
    await page.fill('[name=handle]', 'small-one');
    await page.fill('[name=password]', 'nine grey petals of a flower');
  }
  await page.click('main form button:not([type=button])');
  await page.waitForLoadState();
  assert.equal(await page.locator('[name=password]').count(), 0, 'no account is offered');
  await page.goto(`${site.url}/sign-up`);
  assert.equal(await page.locator('[name=birth_year]').count(), 0, 'the question is not asked again');
  assert.deepEqual(page.problems, []);
});

test('a draft saves itself and survives a closed window', async () => {
  const page = await newPage(browser);
  await join(page);
  await page.goto(`${site.url}/works/new`);
  await page.fill('[name=title]', 'Saved by itself');
  await page.click('main form button[type=submit]:not([formaction])');
  await page.waitForURL(/\/works\/[0-9a-z]+/);
  if (!/\/chapters\//.test(page.url())) await page.locator('form[action$="/chapters/new"] button, a[href$="/chapters/new"]').first().click();
  await page.waitForURL(/\/chapters\/[0-9a-z]+\/edit/);
  await page.fill('[name=text]', 'Nobody pressed anything.');
  await page.waitForFunction(() => /\d/.test(document.querySelector('[data-autosave-status]')?.textContent ?? ''), null, {timeout: 15_000});
  const edit = page.url();
  const again = await page.context().newPage();
  await page.close({runBeforeUnload: false});
  await again.goto(edit);
  assert.equal(await again.inputValue('[name=text]'), 'Nobody pressed anything.');
});

test('what she may not see looks like what does not exist', async () => {
  const abi = await newPage(browser);
  await signIn(abi, site, 'abi');
  await abi.goto(`${site.url}/write`);
  const work = await abi.locator('a[href^="/works/"]').first().getAttribute('href');
  const outline = (await abi.goto(site.url + work)).status();
  assert.equal(outline, 200);
  await abi.goto(`${site.url}/works/new`);
  await abi.fill('[name=title]', 'Only mine');
  await abi.click('main form button[type=submit]:not([formaction])');
  await abi.waitForURL(/\/works\/[0-9a-z]+/);
  const [mine] = new URL(abi.url()).pathname.match(/^\/works\/[0-9a-z]+/);
  const deniz = await newPage(browser);
  await signIn(deniz, site, 'deniz');
  const hidden = await deniz.goto(site.url + mine);
  const hiddenText = await deniz.locator('main').innerText();
  const missing = await deniz.goto(`${site.url}/works/1zzzzzzzzz`);
  assert.deepEqual([hidden.status(), missing.status()], [404, 404]);
  assert.equal(hiddenText, await deniz.locator('main').innerText());
});

test('the keyboard alone: skip link, menu, a comment, the next chapter', async () => {
  const page = await newPage(browser);
  await signIn(page, site, 'noor');
  await page.goto(`${site.url}/read`);
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('href') ?? ''), /^#/, 'the first stop skips to the content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.closest('main') !== null || location.hash === '#main'), true);
  const link = page.locator('a', {hasText: 'The Salt Road'}).first();
  await link.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/works\//);
  await page.locator('main a[href*="/chapters/"]').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/chapters\//);
  const first = page.url();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL((url) => url.href !== first);
  await page.keyboard.press('c');
  await page.waitForSelector('.thread');
  assert.ok(await page.evaluate(() => document.activeElement.closest('.thread') !== null), 'focus is in the thread');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.matches('a.mark'));
  assert.deepEqual(page.problems, []);
});

test('the language follows the switch', async () => {
  const page = await newPage(browser, {language: 'en'});
  await page.goto(`${site.url}/`);
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.evaluate(() => document.querySelector('form[action="/language"] [value=es]').click());
  await page.waitForFunction(() => document.documentElement.lang === 'es');
});
