// Signing in with a school's account, in Chromium, against a provider that is not ours: with RS256 and ES256, a new account, an old one tied,
// keys that change, a provider that is down, somebody who says no, somebody too young.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {client, startSchool} from './support/school.mjs';
import {freePort, password, startSite} from './support/site.mjs';

let site, school, browser, port;
before(async () => {
  port = await freePort();
  site = await startSite({env: {
    BRAID_RATE_LIMITS: 'false', BRAID_OIDC_ISSUER: `http://127.0.0.1:${port}`, BRAID_OIDC_CLIENT_ID: client.id,
    BRAID_OIDC_CLIENT_SECRET: client.secret, BRAID_OIDC_NAME: 'Hill School',
  }});
  school = await startSchool({port, site: site.url});
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await school?.stop();
  await site?.stop();
});

// Through the school's own pages, as the pupil of that name.
async function throughSchool(page, pupil) {
  page.setDefaultTimeout(8000);
  await page.waitForURL(`http://127.0.0.1:${port}/**`);
  if (await page.locator('input[name=login]').count()) {
    await page.fill('input[name=login]', pupil);
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.waitForLoadState();
  }
  if (page.url().startsWith(`http://127.0.0.1:${port}/`)) await page.click('button[type=submit]'); // consent
  await page.waitForURL(`${site.url}/**`);
  page.problems.length = 0; // what the school's own pages said
}

async function join(page, {handle, age}) {
  await page.fill('[name=display_name]', 'Somebody New');
  await page.fill('[name=handle]', handle);
  await page.fill('[name=birth_day]', '3');
  await page.selectOption('[name=birth_month]', '1');
  await page.fill('[name=birth_year]', String(new Date().getFullYear() - age));
  await page.click('main form[action="/sign-in/school/new"] button');
  await page.waitForLoadState();
}

for (const script of [true, false]) {
  test(`somebody new comes in, leaves and comes back ${script ? 'with' : 'without'} script`, async () => {
    const pupil = script ? 'ada.l' : 'ben.k';
    const page = await newPage(browser, {script, viewport: widths.phone});
    await page.goto(`${site.url}/sign-in?next=/library`);
    await page.click('a[href^="/sign-in/school"]');
    await throughSchool(page, pupil);
    assert.equal(new URL(page.url()).pathname, '/sign-in/school/new');
    assert.match(await page.locator('main').innerText(), new RegExp(`Hill School says you are Pupil ${pupil.replace('.', '\\.')}`));
    assert.equal(await page.inputValue('[name=handle]'), pupil.replace('.', '-'));
    await join(page, {handle: pupil.replace('.', '-'), age: 15});
    assert.equal(page.url(), `${site.url}/`);
    await page.goto(`${site.url}/settings/school`);
    assert.match(await page.locator('main').innerText(), /Tied since/);
    await page.context().clearCookies({domain: '127.0.0.1', name: 'session'});
    await page.goto(`${site.url}/library`);
    await page.click('a[href^="/sign-in/school?next="]');
    await page.waitForURL(`${site.url}/library`); // the school knows her still and asks nothing
    assert.equal((await page.goto(`${site.url}/settings/profile`)).status(), 200);
    assert.deepEqual(page.problems, []);
  });
}

test('somebody who is here already ties her account, and cuts it with her password', async () => {
  const page = await newPage(browser);
  await page.goto(`${site.url}/sign-in/school`);
  await throughSchool(page, 'deniz.y');
  await page.click('a[href="/sign-in?next=/settings/school"]');
  await page.fill('input[name=name]', 'deniz');
  await page.fill('input[name=password]', password);
  await page.click('main form button:not([type=button])');
  await page.waitForURL(`${site.url}/settings/school`);
  assert.match(await page.locator('main').innerText(), /Tie the account of Pupil deniz\.y at Hill School to @deniz/);
  await page.click('main form[action="/settings/school"] button');
  await page.waitForSelector('form[action="/settings/school/cut"]');
  await page.goto(`${site.url}/dev/mail`);
  assert.match(await page.locator('main').innerText(), /A new way into your account/);

  const again = await newPage(browser);
  await again.goto(`${site.url}/sign-in/school?next=/settings/school`);
  await throughSchool(again, 'deniz.y');
  await again.waitForURL(`${site.url}/settings/school`);
  await again.fill('[name=password]', 'not this one');
  await again.click('form[action="/settings/school/cut"] button');
  await again.waitForSelector('.error-summary, [aria-invalid=true]');
  await again.fill('[name=password]', password);
  await again.click('form[action="/settings/school/cut"] button');
  await again.waitForSelector('a[href="/sign-in/school?next=/settings/school"]');
});

test('an answer opens nothing in another browser, twice, or without its state', async () => {
  const mine = await newPage(browser);
  let answer;
  mine.on('request', (request) => {
    if (request.url().includes('/sign-in/school/back?')) answer = request.url();
  });
  await mine.goto(`${site.url}/sign-in/school`);
  await throughSchool(mine, 'eve.m');
  assert.match(answer, /code=/);
  assert.equal((await mine.goto(answer)).status(), 410, 'twice');
  const other = await newPage(browser);
  await other.goto(`${site.url}/sign-in/school`); // a journey of its own
  assert.equal((await other.goto(answer)).status(), 410, 'another browser');
  assert.equal((await other.goto(`${site.url}/sign-in/school/back?code=x&state=x`)).status(), 410, 'no state');
});

test('says no there, and is back where one signs in', async () => {
  const page = await newPage(browser);
  await page.goto(`${site.url}/sign-in/school`);
  await page.waitForURL(`http://127.0.0.1:${port}/**`);
  await page.click('a[href$="/abort"]');
  await page.waitForURL(`${site.url}/sign-in`);
});

test('is asked for her age as everybody is', async () => {
  const page = await newPage(browser);
  await page.goto(`${site.url}/sign-in/school`);
  await throughSchool(page, 'small.one');
  await join(page, {handle: 'small-one', age: 9});
  assert.match(page.url(), /\/sign-up$/);
  await page.waitForSelector('a[href="/waiting/new"]');
  await page.goto(`${site.url}/sign-in/school`);
  await page.waitForURL(`${site.url}/sign-in/school/new`);
  await join(page, {handle: 'small-one', age: 30});
  assert.match(page.url(), /\/sign-up$/, 'answering otherwise does not help');
});

test('the school changes its keys, and their kind', async () => {
  const page = await newPage(browser);
  await page.goto(`${site.url}/sign-in/school`);
  await throughSchool(page, 'fay.k');
  await join(page, {handle: 'fay-k', age: 20});
  await school.stop();
  school = await startSchool({port, site: site.url, kid: 'second', kind: 'ES256'});
  const again = await newPage(browser);
  const deadline = Date.now() + 20_000; // keys are fetched again at most every few seconds
  do {
    await again.goto(`${site.url}/sign-in/school?next=/settings/school`);
    if (again.url().startsWith(school.issuer)) await throughSchool(again, 'fay.k');
  } while (!again.url().endsWith('/settings/school') && Date.now() < deadline);
  assert.match(again.url(), /\/settings\/school$/);
});

test('the school is down: a page that says so, and the password works', async () => {
  await school.stop();
  const page = await newPage(browser);
  // Where it lives is known still: the browser is sent there. What comes back cannot be checked.
  const sent = await page.request.get(`${site.url}/sign-in/school`, {maxRedirects: 0});
  const state = new URL(sent.headers().location).searchParams.get('state');
  const response = await page.goto(`${site.url}/sign-in/school/back?code=x&state=${state}`);
  assert.equal(response.status(), 503);
  assert.match(await page.locator('main').innerText(), /Hill School does not answer/);
  await page.click('a[href="/sign-in"]');
  await signIn(page, site, 'abi');
  school = await startSchool({port, site: site.url});
});
