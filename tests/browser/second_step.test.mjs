// The second step at the door, as people take it: a moderator who must set one up, codes computed by oathtool from the key on the page, recovery
// codes, and passkeys of Chromium's virtual authenticator, as second step and alone.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, test} from 'node:test';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {password, startSite} from './support/site.mjs';

let site, browser;

before(async () => {
  site = await startSite({host: 'localhost', env: {BRAID_RATE_LIMITS: 'false', BRAID_ACCOUNTS_STAFF_SECOND_FACTOR: 'true'}});
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const path = (page) => new URL(page.url()).pathname;

// A device that verifies its owner and keeps the keys it makes.
async function device(page, options = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const {authenticatorId} = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...options,
    },
  });
  return {
    credentials: async () => (await session.send('WebAuthn.getCredentials', {authenticatorId})).credentials,
    verified: (isUserVerified) => session.send('WebAuthn.setUserVerified', {authenticatorId, isUserVerified}),
  };
}

async function typeName(page, handle) {
  await page.goto(`${site.url}/sign-in`);
  await page.fill('[name=name]', handle);
  await page.fill('[name=password]', password);
  await page.click('main form button:not([type=button])');
}

// The code of the next step when this one was used: a code works once.
function codeOf(key, shift = 0) {
  const now = Math.floor(Date.now() / 1000) + shift * 30;
  const run = spawnSync('oathtool', ['--totp', '--base32', key.replaceAll(' ', ''), '--now', `@${now}`], {encoding: 'utf8'});
  assert.equal(run.status, 0, run.stderr);
  return run.stdout.trim();
}

async function addPasskey(page, name) {
  await page.goto(`${site.url}/settings/second-factor`);
  await page.click('a:has-text("Add a passkey")');
  await page.fill('form[data-passkey=create] [name=name]', name);
  await page.fill('form[data-passkey=create] [name=password]', password);
  await page.click('form[data-passkey=create] button');
  await page.waitForFunction((wanted) => document.body.textContent.includes(wanted), name);
}

test('a moderator sets up an app before anything else, without script', async () => {
  const page = await newPage(browser, {script: false, viewport: widths.phone});
  await typeName(page, 'sam-w');
  assert.equal(path(page), '/settings/second-factor', 'nothing else is open');
  await page.goto(`${site.url}/read`);
  assert.equal(path(page), '/settings/second-factor');
  await page.click('text=Set up an app');
  const key = await page.textContent('#key');
  await page.fill('[name=code]', codeOf(key));
  await page.fill('[name=password]', password);
  await page.click('text=Turn it on');
  const codes = (await page.textContent('#codes')).trim().split('\n');
  assert.equal(codes.length, 10);
  await page.goto(`${site.url}/read`);
  assert.equal(path(page), '/read', 'everything is open now');

  const again = await newPage(browser, {script: false});
  await typeName(again, 'sam-w');
  assert.equal(path(again), '/sign-in/second-step');
  await again.fill('[name=code]', codeOf(key));
  await again.click('main form button');
  assert.equal(path(again), '/sign-in/second-step', 'that code was used for setting up');
  await again.fill('[name=code]', codeOf(key, 1));
  await again.click('main form button');
  assert.equal(path(again), '/');

  const lost = await newPage(browser, {script: false});
  await typeName(lost, 'sam-w');
  await lost.fill('[name=code]', codes[0].toUpperCase());
  await lost.click('main form button');
  assert.equal(path(lost), '/');
  for (const one of [page, again, lost]) {
    assert.deepEqual(one.problems, []);
    await one.context().close();
  }
});

test('a passkey is made, opens the door alone, is a second step, is renamed and removed', async () => {
  const page = await newPage(browser, {});
  const keys = await device(page);
  await signIn(page, site, 'abi');
  await addPasskey(page, 'my phone');
  assert.equal((await keys.credentials()).length, 1);
  assert.equal((await page.textContent('#codes')).trim().split('\n').length, 10);

  await page.context().clearCookies();
  await page.goto(`${site.url}/sign-in?next=/settings`);
  await page.click('text=Use a passkey');
  await page.waitForURL((url) => url.pathname === '/sign-in/passkey');
  await page.click('form[data-passkey=get] button');
  await page.waitForURL((url) => url.pathname === '/settings');
  assert.match(await page.textContent('main'), /@abi/);

  await page.context().clearCookies();
  await typeName(page, 'abi');
  assert.equal(path(page), '/sign-in/second-step');
  await page.click('form[data-passkey=get] button');
  await page.waitForURL((url) => url.pathname === '/');
  assert.equal((await keys.credentials())[0].signCount, 3, 'the device counts, and the site looked');

  await page.goto(`${site.url}/settings/second-factor`);
  await page.click('a[aria-label="Change my phone"]');
  await page.fill('[name=name]', 'the grey one');
  await page.click('text=Save the name');
  await page.click('a[aria-label="Change the grey one"]');
  await page.fill('form[action$="/remove"] [name=password]', password);
  await page.click('form[action$="/remove"] button');
  await page.waitForURL((url) => url.pathname === '/settings/second-factor');
  await page.context().clearCookies();
  await typeName(page, 'abi');
  assert.equal(path(page), '/', 'the password is enough again');
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('a device that cannot tell who holds it opens nothing alone', async () => {
  const page = await newPage(browser, {});
  const keys = await device(page);
  await signIn(page, site, 'deniz');
  await addPasskey(page, 'a stick');
  await keys.verified(false);
  await page.context().clearCookies();
  await page.goto(`${site.url}/sign-in/passkey`);
  await page.click('form[data-passkey=get] button');
  await page.waitForSelector('.toast, [role=alert]');
  assert.equal(path(page), '/sign-in/passkey');
  await page.goto(`${site.url}/settings`);
  assert.equal(path(page), '/sign-in');
  await page.context().close();
});

test('a passkey of another site, or an answer that was sent before, opens nothing', async () => {
  const page = await newPage(browser, {});
  await device(page);
  await signIn(page, site, 'mr-okafor');
  await addPasskey(page, 'the office');
  await page.context().clearCookies();
  await page.goto(`${site.url}/sign-in/passkey`);
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await page.click('form[data-passkey=get] button');
  const form = new URLSearchParams((await sent).postData());
  await page.waitForURL((url) => url.pathname === '/');
  await page.goto('about:blank');  // nothing of the page before is on its way any more
  await page.context().clearCookies();
  await page.goto(`${site.url}/sign-in/passkey`);
  const answer = await page.evaluate(async (values) => {
    values._csrf = document.querySelector('[name=_csrf]').value;
    const response = await fetch('/sign-in/passkey', {method: 'POST', body: new URLSearchParams(values), redirect: 'manual'});
    return {status: response.status || response.type, says: (await response.text()).replace(/<[^>]*>|\s+/g, ' '), of: document.title};
  }, Object.fromEntries(form));
  assert.ok(answer.status === 409 || answer.status === 422, `the same answer again: ${JSON.stringify(answer)}`);
  await page.context().close();
});

test('who comes in by a passkey is asked to read what is new, as everybody is', async () => {
  const reader = await newPage(browser, {});
  await device(reader);
  await signIn(reader, site, 'imani');
  await addPasskey(reader, 'a key');

  const admin = await newPage(browser, {});
  await device(admin);
  await typeName(admin, 'harbour');
  await addPasskey(admin, 'the office');
  await admin.goto(`${site.url}/admin/documents/terms`);
  for (const field of ['changed_en', 'changed_es']) await admin.fill(`[name=${field}]`, 'It is shorter.');
  await admin.check('[name=important]');
  await admin.click('button[value=publish]');
  await admin.locator('a[href="/terms?version=2"]').waitFor();

  await reader.context().clearCookies();
  await reader.goto(`${site.url}/sign-in/passkey?next=/library`);
  await reader.click('form[data-passkey=get] button');
  await reader.waitForURL((url) => url.pathname === '/documents/accept');
  assert.match(await reader.textContent('main'), /It is shorter/);
  await reader.click('form[action="/documents/accept"] button');
  await reader.waitForURL((url) => url.pathname === '/library');
  for (const one of [reader, admin]) {
    assert.deepEqual(one.problems, []);
    await one.context().close();
  }
});
