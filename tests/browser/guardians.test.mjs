// A child asks, her guardian consents, narrows, takes back and gives again: in Chromium, with and without script, mails read
// where development keeps them.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {startSite} from './support/site.mjs';

let site, browser;
before(async () => {
  site = await startSite({env: {BRAID_GUARDIANS_CONFIRM_AFTER: '0s', BRAID_RATE_LIMITS: 'false'}});
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const password = 'nine grey petals of a flower';

// The newest link to such a path in the mails to `address`, once it is there.
async function linkInMail(page, address, path) {
  for (let tries = 0; tries < 50; ++tries) {
    await page.goto(`${site.url}/dev/mail`);
    const text = (await page.locator('main article', {hasText: address}).allInnerTexts()).join('\n');
    const found = text.match(new RegExp(`https?://[^\\s]*(${path}[^\\s]+)`));
    if (found) return site.url + found[1];
    await page.waitForTimeout(200);
  }
  throw new Error(`no mail with a link to ${path}`);
}

async function answerTheQuestion(page, age) {
  await page.goto(`${site.url}/sign-up`);
  await page.fill('[name=display_name]', 'Small');
  await page.fill('[name=handle]', 'whatever');
  await page.fill('[name=password]', password);
  await page.fill('[name=birth_day]', '1');
  await page.selectOption('[name=birth_month]', '1');
  await page.fill('[name=birth_year]', String(new Date().getFullYear() - age));
  await page.click('main form button:not([type=button])');
  await page.waitForSelector('a[href="/waiting/new"]');
}

async function ask(page, handle, email) {
  await answerTheQuestion(page, 10);
  await page.click('a[href="/waiting/new"]');
  await page.fill('[name=handle]', handle);
  await page.fill('[name=password]', password);
  await page.fill('[name=email]', email);
  await page.click('main form button');
  await page.waitForURL(`${site.url}/waiting`);
}

async function comeIn(page, handle) {
  await page.goto(`${site.url}/sign-in`);
  await page.fill('[name=name]', handle);
  await page.fill('[name=password]', password);
  await page.click('main form button:not([type=button])');
  await page.waitForLoadState();
}

// Presses the button of a form that asks first when there is script.
async function press(page, selector) {
  await page.click(selector);
  const yes = page.locator('dialog[open] .actions button.btn:not(.ghost)').first();
  if (await yes.count()) await yes.click();
  await page.waitForLoadState();
}

for (const script of [true, false]) {
  test(`asked, consented, narrowed, taken back and given again ${script ? 'with' : 'without'} script`, async () => {
    const handle = script ? 'pip-with' : 'pip-without';
    const child = await newPage(browser, {script, viewport: widths.phone});
    await ask(child, handle, 'rosa-b@harbour.example');
    assert.match(await child.locator('main').innerText(), /rosa-b@harbour\.example/);
    await child.goto(`${site.url}/write`);
    assert.match(child.url(), /\/sign-in/, 'waiting, she is nobody');

    const rosa = await newPage(browser, {script, viewport: widths.desk});
    await signIn(rosa, site, 'rosa-b');
    await rosa.goto(`${site.url}/guardian`);
    await rosa.click(`a[aria-label*="@${handle}"]`);
    await rosa.waitForURL(/\/consent\//);
    await rosa.selectOption('[name=birth_month]', '1');
    await rosa.fill('[name=birth_year]', String(new Date().getFullYear() - 10));
    await rosa.check('[name=choice_publish_openly]');
    await rosa.click('main form button:not([formaction])');
    await rosa.waitForURL(`${site.url}/guardian`);

    await child.goto(`${site.url}/waiting`);
    await child.click('main a[href="/sign-in"]');
    await comeIn(child, handle);
    await child.goto(`${site.url}/works/new`);
    await child.fill('[name=title]', `Under the pier ${script}`);
    await child.check('[name=visibility][value=everyone]');
    await child.click('main form button[type=submit]:not([formaction])');
    await child.waitForURL(/\/works\/[0-9a-z]+/);
    const [, work] = new URL(child.url()).pathname.match(/\/works\/([0-9a-z]+)/);

    await rosa.goto(`${site.url}/guardian`);
    await rosa.click(`.list-row:has-text("@${handle}") a`);
    await rosa.waitForURL(/\/guardian\/children\//);
    const childPage = rosa.url();
    assert.match(await rosa.locator('main').innerText(), /Works, drafts included/);
    await rosa.uncheck('[name=choice_publish]');
    await rosa.click('form[action$="/choices"] button');
    await rosa.waitForLoadState();
    assert.equal(await rosa.isChecked('[name=choice_publish]'), false);

    await child.goto(`${site.url}/works/new`);
    await child.fill('[name=title]', 'Wide open');
    await child.check('[name=visibility][value=everyone]');
    await child.click('main form button[type=submit]:not([formaction])');
    await child.getByText('Your guardian has chosen').first().waitFor();
    await child.goto(`${site.url}/settings/guardians`);
    assert.match(await child.locator('main').innerText(), /Rosa/);

    await rosa.goto(childPage);
    await press(rosa, 'form[action$="/withdraw"] button');
    await rosa.getByText('This account is paused').first().waitFor();
    await child.goto(`${site.url}/works/${work}/edit`);
    assert.match(child.url(), /\/sign-in/);
    await comeIn(child, handle);
    assert.match(await child.locator('h1').innerText(), /paused/i);

    await rosa.click('form[action$="/return"] button');
    await rosa.waitForLoadState();
    // Her session was kept while she was paused: she does not sign in again.
    assert.equal((await child.goto(`${site.url}/works/${work}/edit`)).status(), 200, 'everything is as it was');
    const expected = /403|422/;  // the answers that refuse are part of the walk
    assert.deepEqual([...child.problems, ...rosa.problems].filter((problem) => !expected.test(problem)), []);
    await child.context().close();
    await rosa.context().close();
  });
}

test('a guardian without an account: two mails, the link that goes on working, and taking back by it', async () => {
  const child = await newPage(browser);
  await ask(child, 'pip-by-mail', 'gran@harbour.example');
  const gran = await newPage(browser, {viewport: widths.phone});
  const link = await linkInMail(gran, 'gran@harbour.example', '/consent/(?!confirm)');
  await gran.goto(link);
  assert.match(await gran.locator('h1').innerText(), /@pip-by-mail/);
  await gran.selectOption('[name=birth_month]', '1');
  await gran.fill('[name=birth_year]', String(new Date().getFullYear() - 10));
  await gran.click('main form button:not([formaction])');
  await gran.getByText('One more step').first().waitFor();
  await child.reload();
  assert.match(await child.locator('h1').innerText(), /said yes/);
  await gran.goto(await linkInMail(gran, 'gran@harbour.example', '/consent/confirm/'));
  await gran.click('main form button.btn:not(.ghost)');
  await gran.getByText('The account is open').first().waitFor();
  await comeIn(child, 'pip-by-mail');
  assert.equal((await child.goto(`${site.url}/write`)).status(), 200);
  await gran.goto(link);
  await press(gran, 'form[action$="/withdraw"] button');
  await comeIn(child, 'pip-by-mail');
  assert.match(await child.locator('h1').innerText(), /paused/i);
});

test('a child who withdraws the request leaves nothing behind', async () => {
  const child = await newPage(browser);
  await ask(child, 'pip-gone', 'aunt@harbour.example');
  await child.click('form[action="/waiting/withdraw"] button');
  await child.waitForURL(`${site.url}/`);
  await comeIn(child, 'pip-gone');
  assert.match(child.url(), /\/sign-in/, 'nobody is known by that handle');
});
