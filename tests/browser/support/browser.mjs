import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium} from 'playwright-core';
import {password} from './site.mjs';

export const chromiumPath = process.env.BRAID_CHROMIUM ?? '/usr/bin/chromium';
export const chromiumFlags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync',
];
export const widths = {phone: {width: 390, height: 844}, desk: {width: 1280, height: 900}, narrow: {width: 320, height: 640}};

export async function launch() {
  return chromium.launch({executablePath: chromiumPath, headless: true, args: chromiumFlags});
}
export function profileFolder() {
  return mkdtempSync(join(tmpdir(), 'braid-profile-'));
}

// A page that fails the test when the console shows an error or a script throws.
export async function newPage(browser, {theme = 'light', language = 'en', viewport = widths.desk, script = true, reducedMotion} = {}) {
  const context = await browser.newContext({
    colorScheme: theme, locale: language === 'es' ? 'es-ES' : 'en-GB', viewport, javaScriptEnabled: script, reducedMotion,
    extraHTTPHeaders: {'accept-language': language}, serviceWorkers: 'block',
  });
  const page = await context.newPage();
  page.problems = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text())) page.problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.problems.push(`script: ${error.message}`));
  return page;
}

export async function signIn(page, site, handle) {
  await page.goto(`${site.url}/sign-in`);
  await page.fill('input[name=name]', handle);
  await page.fill('input[name=password]', password);
  await page.click('main form button:not([type=button])');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}
