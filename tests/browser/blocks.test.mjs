// Blocking, clicked through: from a comment and from a profile, with script (a dialog, by keyboard alone) and without (a page), in the list
// and back; open pages count on for who may see. With SHOTS=folder it keeps pictures of the pages.
import assert from 'node:assert/strict';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Somebody, comment, makeWork, publish} from '../hostile/support.mjs';
import {launch, newPage, signIn, widths} from './support/browser.mjs';
import {startSite} from './support/site.mjs';

let site, browser, story, chapter;
const people = {};
const shots = process.env.SHOTS;

before(async () => {
  site = await startSite({env: {BRAID_RATE_LIMITS: 'false'}});
  browser = await launch();
  for (const handle of ['abi', 'noor', 'deniz', 'theo']) people[handle] = await new Somebody(site).signIn(handle);
  story = await makeWork(people.abi, {title: 'Tide Tables'}, {title: 'Low water', text: 'The sea went out.\n\nIt did not come back.'});
  await publish(people.abi, story);
  await comment(people.noor, story, 'Noor was here first.');
  await comment(people.deniz, story, 'Deniz was here as well.');
  chapter = `${site.url}/works/${story.work}/chapters/${story.chapter}`;
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function person(handle, options = {}) {
  const page = await newPage(browser, options);
  await signIn(page, site, handle);
  return page;
}
async function shot(page, name, {fullPage = true} = {}) {
  if (!shots) return;
  mkdirSync(shots, {recursive: true});
  await page.screenshot({path: join(shots, `${name}.png`), fullPage});
}
// Presses Tab until the control is reached.
async function tabTo(page, locator, most = 60) {
  for (let n = 0; n < most; ++n) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard does not reach ${locator}`);
}

test('from a comment, by keyboard alone, in a dialog', async () => {
  const theo = await person('theo');
  await theo.goto(`${chapter}/comments`);
  await theo.getByText('Noor was here first.').waitFor();
  const beside = theo.locator('.comment', {hasText: 'Noor was here first.'}).getByRole('link', {name: 'Mute or block'});
  await tabTo(theo, beside);
  await theo.keyboard.press('Enter');
  const dialog = theo.locator('dialog[open]');
  await dialog.locator('form').first().waitFor();
  assert.equal(theo.url(), `${chapter}/comments`, 'the page stays below the dialog');
  await shot(theo, 'dialog-desk', {fullPage: false});
  assert.ok(await dialog.locator('a[href="/help/now"]').count() > 0, 'help is offered');
  assert.ok(await dialog.locator('a[href^="/report"]').count() > 0, 'so is a report');
  await tabTo(theo, dialog.locator('[name=kind][value=mute]'));
  await theo.keyboard.press('ArrowDown');
  assert.ok(await dialog.locator('[name=kind][value=block]').isChecked());
  await tabTo(theo, dialog.getByRole('button', {name: 'Save'}));
  await theo.keyboard.press('Enter');
  await dialog.getByText('is blocked').waitFor();
  await shot(theo, 'dialog-done', {fullPage: false});
  await tabTo(theo, dialog.getByRole('link', {name: 'Go on'}));
  await theo.keyboard.press('Enter');
  await theo.waitForURL(chapter);

  await theo.goto(`${chapter}/comments`);
  await theo.getByText('Deniz was here as well.').waitFor();
  assert.equal(await theo.getByText('Noor was here first.').count(), 0);
  assert.equal((await theo.goto(`${site.url}/people/noor`)).status(), 404);
  const noor = await person('noor');
  assert.equal((await noor.goto(`${site.url}/people/theo`)).status(), 404);
  await noor.goto(`${site.url}/settings/blocks`);
  await noor.getByText('Nobody is on this list').waitFor();
  await shot(noor, 'list-empty');

  // While the page of one is open, another writes and the blocked one does: only the first counts.
  await theo.goto(chapter);
  const mark = theo.locator('[data-paragraph] > a[data-comments]').first();
  const paragraph = await mark.evaluate((element) => element.closest('[data-paragraph]').dataset.paragraph);
  const write = async (who, text) => assert.equal((await people[who].post(`/works/${story.work}/chapters/${story.chapter}/comments`, {text, paragraph, token: text})).status, 303);
  await theo.waitForTimeout(500);
  await write('noor', 'Noor on the paragraph.');
  await write('deniz', 'Deniz on the paragraph.');
  await theo.waitForFunction((element) => element.textContent === '1', await mark.elementHandle());
  await write('noor', 'Noor once more.');
  await write('deniz', 'Deniz once more.');
  await theo.waitForFunction((element) => element.textContent === '2', await mark.elementHandle());
  await theo.reload();
  assert.equal(await mark.textContent(), '2');

  await theo.goto(`${site.url}/settings/blocks`);
  await theo.getByText('@noor').waitFor();
  await shot(theo, 'list-desk');
  await theo.getByRole('button', {name: /Take back for/}).click();
  await theo.getByText('Nobody is on this list').waitFor();
  await theo.goto(chapter);
  assert.equal(await mark.textContent(), '4');
  assert.equal((await noor.goto(`${site.url}/people/theo`)).status(), 200);
  for (const page of [theo, noor]) {
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

test('from a profile, without script, on a phone: muting is not noticed', async () => {
  const theo = await person('theo', {script: false, viewport: widths.phone});
  await theo.goto(`${site.url}/people/noor`);
  await theo.getByRole('link', {name: 'Mute or block'}).click();
  await theo.waitForURL(`${site.url}/settings/blocks/noor`);
  await shot(theo, 'ask-phone');
  await theo.check('[name=kind][value=mute]');
  await theo.getByRole('button', {name: 'Save'}).click();
  await theo.waitForURL(`${site.url}/settings/blocks`);
  await theo.getByText('You no longer see what this person writes').waitFor();
  await shot(theo, 'list-phone');
  await theo.goto(`${chapter}/comments`);
  assert.equal(await theo.getByText('Noor was here first.').count(), 0);
  const noor = await person('noor', {script: false});
  assert.equal((await noor.goto(`${site.url}/people/theo`)).status(), 200);
  // Changed to a block in the same place, and taken back there.
  await theo.goto(`${site.url}/settings/blocks`);
  await theo.getByRole('link', {name: /Change for/}).click();
  assert.ok(await theo.locator('[name=kind][value=mute]').isChecked());
  await theo.check('[name=kind][value=block]');
  await theo.getByRole('button', {name: 'Save'}).click();
  assert.equal((await noor.goto(`${site.url}/people/theo`)).status(), 404);
  await theo.goto(`${site.url}/settings/blocks/noor`);
  await theo.getByRole('button', {name: 'Take back what I had set'}).click();
  await theo.getByText('Nobody is on this list').waitFor();
  assert.equal((await noor.goto(`${site.url}/people/theo`)).status(), 200);
  for (const page of [theo, noor]) {
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

test('in the dark, in Spanish, for staff: it says what a block does not do', async () => {
  const theo = await person('theo', {theme: 'dark', language: 'es', viewport: widths.phone});
  await theo.goto(`${site.url}/people/sam-w`);
  await theo.getByRole('link', {name: /Silenciar o bloquear|Mute or block/}).click();
  await theo.locator('dialog[open] form').first().waitFor();
  await shot(theo, 'dialog-dark', {fullPage: false});
  assert.ok(await theo.locator('dialog[open]').getByText(/trabaja para el sitio|works for the site/).count() > 0);
  await theo.keyboard.press('Escape');
  await theo.goto(`${site.url}/settings/blocks/theo`);
  await theo.getByText(/Esa persona eres tú|That is you/).first().waitFor();
  assert.deepEqual(theo.problems, []);
  await theo.context().close();
});
