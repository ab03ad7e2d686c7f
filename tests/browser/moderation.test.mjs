// A report, clicked through: a child reports, a moderator hides, the author appeals, another moderator decides. With script (the form in a
// dialog) and without (a page); and what takes two people. With SHOTS=folder it keeps pictures of the pages.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {binary, password, startSite} from './support/site.mjs';

let site, browser;
const shots = process.env.SHOTS;

before(async () => {
  site = await startSite({env: {BRAID_RATE_LIMITS: 'false'}});
  const born = `${new Date().getFullYear() - 10}-01`;
  const made = spawnSync(binary, ['user', 'add', 'pip', '--name', 'Pip', '--born', born, '--data', site.data],
    {encoding: 'utf8', input: `${password}\n`, env: {...process.env, BRAID_DEVELOPMENT: 'true'}});
  assert.equal(made.status, 0, made.stderr);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function person(handle, options = {}) {
  const page = await newPage(browser, options);
  if (handle) await signIn(page, site, handle);
  return page;
}
async function shot(page, name) {
  if (!shots) return;
  mkdirSync(shots, {recursive: true});
  await page.screenshot({path: join(shots, `${name}.png`), fullPage: true});
}
async function open(page, title) {
  await page.goto(`${site.url}/read`);
  await page.getByRole('link', {name: title, exact: true}).first().click();
  await page.waitForURL(/\/works\/[0-9a-z]+$/);
  return page.url();
}

for (const [script, title, author] of [[true, 'How to Lose at Chess', 'imani'], [false, 'Paper Dragons', 'theo']]) {
  test(`a child reports, a moderator hides, the author appeals, another decides: ${script ? 'with' : 'without'} script`, async () => {
    const pip = await person('pip', {script, viewport: widths.phone});
    const work = await open(pip, title);
    await pip.getByRole('link', {name: 'Report this work'}).click();
    if (script) {
      await pip.locator('dialog[open] form').waitFor();
      assert.equal(pip.url(), work, 'the page stays below the dialog');
    }
    await shot(pip, `report-${script ? 'dialog' : 'page'}`);
    const form = pip.locator('form[action="/report"]');
    await form.locator('[name=words]').fill('The middle part scared me.');
    if (!script) {
      // Nothing chosen: the form comes back and says so.
      await form.locator('button[type=submit]').click();
      await pip.locator('.error-summary').waitFor();
    }
    await pip.locator('[name=category][value=violence]').check();
    await pip.locator('form[action="/report"] button[type=submit]').click();
    await pip.getByText('Thank you for telling us').first().waitFor();
    await pip.getByText('It is not your fault').waitFor();
    assert.ok(await pip.locator('main a[href="/help/now"], dialog a[href="/help/now"]').count() > 0);

    const sam = await person('sam-w', {script});
    await sam.goto(`${site.url}/moderation`);
    await shot(sam, 'queue');
    await sam.getByRole('link', {name: title, exact: true}).first().click();
    await sam.getByText('The middle part scared me.').waitFor();
    await sam.getByRole('button', {name: 'I look after this'}).click();
    await sam.getByRole('button', {name: 'Leave it to others'}).waitFor();
    await sam.check('[name=measure][value=hide]');
    await sam.fill('[name=reason]', 'The fight is drawn out for its own sake. A teen rating would be fine.');
    await shot(sam, 'case');
    await sam.locator('form[action$="/decide"] button[type=submit]').click();
    await sam.getByText('Everybody concerned has been told').waitFor();

    const reader = await newPage(browser, {script});
    assert.equal((await reader.goto(work)).status(), 404, 'nobody else finds it');
    await pip.goto(`${site.url}/notices`);
    await pip.getByText('did something about it').first().waitFor();

    const writer = await person(author, {script, viewport: widths.phone});
    await writer.goto(work);
    await writer.getByText('Moderators hid this work').waitFor();
    await writer.getByRole('link', {name: /Your notices/}).click();
    await writer.getByText('drawn out for its own sake').waitFor();
    assert.equal(await writer.getByText('Pip').count(), 0, 'who reported is not told');
    await shot(writer, 'notices');
    await writer.getByRole('link', {name: 'I think this is wrong'}).first().click();
    await writer.fill('[name=words]', 'The rating says everyone and nobody is hurt in it.');
    await writer.getByRole('button', {name: 'Send the appeal'}).click();
    await writer.getByText('You appealed').first().waitFor();

    await sam.goto(`${site.url}/moderation?tab=appeals`);
    await sam.getByRole('link', {name: new RegExp('appeals$')}).last().click();
    await sam.getByText('An appeal goes to somebody else').waitFor();
    assert.equal(await sam.locator('[name=state]').count(), 0, 'who decided cannot answer');
    const appeal = sam.url();
    const kwame = await person('kwame-a', {script});
    await kwame.goto(appeal);
    await kwame.check('[name=state][value=overturned]');
    await kwame.fill('[name=answer]', 'You are right: it is no worse than a fairy tale.');
    await shot(kwame, 'appeal');
    await kwame.getByRole('button', {name: 'Send the answer'}).click();
    await kwame.getByText('Answered').first().waitFor();
    assert.equal((await reader.goto(work)).status(), 200, 'it is back');
    await writer.goto(`${site.url}/notices`);
    await writer.getByText('no worse than a fairy tale').first().waitFor();

    for (const page of [pip, sam, kwame, writer, reader]) {
      assert.deepEqual(page.problems, []);
      await page.context().close();
    }
  });
}

test('closing an account takes two, and whoever is out reads why and appeals', async () => {
  const sam = await person('sam-w');
  await sam.goto(`${site.url}/moderation`);
  await sam.getByRole('link', {name: /Gale \(@gale\)/}).first().click();
  // Kwame has it: he decides.
  assert.equal(await sam.locator('[name=measure]').count(), 0);
  const kwame = await person('kwame-a');
  await kwame.goto(sam.url());
  await kwame.check('[name=measure][value=remove_account]');
  await kwame.fill('[name=reason]', 'You asked somebody younger to meet you alone.');
  await kwame.locator('form[action$="/decide"] button[type=submit]').click();
  await kwame.getByText('Another moderator has to confirm it').first().waitFor();
  assert.equal(await kwame.getByRole('button', {name: 'Confirm', exact: true}).count(), 0);
  await shot(kwame, 'proposed');
  await sam.reload();
  await sam.getByRole('button', {name: 'Confirm', exact: true}).click();
  await sam.locator('dialog[open] button.btn:not(.ghost)').click();
  await sam.getByText('it is in force').waitFor();

  const gale = await newPage(browser);
  await gale.goto(`${site.url}/sign-in`);
  await gale.fill('[name=name]', 'gale');
  await gale.fill('[name=password]', password);
  await gale.click('main form button:not([type=button])');
  await gale.getByRole('link', {name: 'Read more'}).click();
  await gale.getByText('asked somebody younger').waitFor();
  await shot(gale, 'suspended');
  await gale.fill('[name=words]', 'It was meant for the whole club.');
  await gale.getByRole('button', {name: 'Send the appeal'}).click();
  await gale.getByText('You appealed').waitFor();

  const boss = await person('harbour');
  await boss.goto(`${site.url}/admin/audit`);
  await boss.locator('td', {hasText: 'moderation.confirm_decision'}).first().waitFor();
  await shot(boss, 'audit');
  const verified = spawnSync(binary, ['audit', 'verify', '--data', site.data], {encoding: 'utf8'});
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  for (const page of [sam, kwame, gale, boss]) {
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

test('the pages hold at every width and in the dark', async () => {
  for (const theme of ['light', 'dark']) {
    for (const [name, viewport] of Object.entries(widths)) {
      for (const [handle, paths] of [[null, ['/help/now', '/report']], ['sam-w', ['/moderation', '/moderation?tab=appeals', '/moderation?tab=closed']], ['harbour', ['/admin/audit']], ['gale', []]]) {
        if (paths.length === 0) continue;
        const page = await person(handle, {theme, viewport});
        for (const path of paths) {
          await page.goto(site.url + path);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wide <= 0, `${path} scrolls sideways at ${name}`);
          if (name !== 'narrow') await shot(page, `${path.replace(/\W+/g, '-')}-${name}-${theme}`);
        }
        if (handle === 'sam-w') {
          await page.goto(`${site.url}/moderation?tab=closed`);
          await page.locator('.queue-row a').first().click();
          await page.waitForURL(/\/cases\//);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wide <= 0, `a case scrolls sideways at ${name}`);
          if (name !== 'narrow') await shot(page, `case-${name}-${theme}`);
        }
        await page.context().close();
      }
    }
  }
});
