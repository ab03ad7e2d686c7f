// A page of a browser that writes down whatever it should not do: script that ran, requests elsewhere, what the policy stopped.
import {signIn} from '../browser/support/browser.mjs';

export async function guardedPage(browser, site, viewer) {
  const context = await browser.newContext({serviceWorkers: 'block'});
  const page = await context.newPage();
  page.wrong = [];
  await page.addInitScript(() => {
    window.reports = [];
    document.addEventListener('securitypolicyviolation', (event) => window.reports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  page.on('dialog', (dialog) => { page.wrong.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => { if (new URL(request.url()).origin !== site.url && !request.url().startsWith('data:')) page.wrong.push(`asks ${request.url()}`); });
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) page.wrong.push(message.text()); });
  if (viewer) await signIn(page, site, viewer);
  return page;
}
// Adds to page.wrong what stands in the document and should not.
export async function look(page, path) {
  const found = await page.evaluate(() => {
    const bad = [];
    if (window.pwned) bad.push('a script ran');
    bad.push(...window.reports);
    for (const element of document.querySelectorAll('*')) {
      for (const {name, value} of element.attributes) {
        if (/^on/i.test(name) || /^(data-)?hx-on/i.test(name)) bad.push(`${element.tagName} ${name}=${value}`);
        if (/^(href|src|action|formaction|xlink:href|hx-\w+)$/.test(name) && /^\s*(javascript|data:text|vbscript)/i.test(value)) bad.push(`${element.tagName} ${name}=${value}`);
        if (/^(data-)?hx-(get|post)$/.test(name) && value === '/sign-out') bad.push(`${element.tagName} ${name}=${value}`);
        if (name === 'style' && /evil|fixed/.test(value)) bad.push(`${element.tagName} style=${value}`);
      }
      if (/^(IFRAME|OBJECT|EMBED|BASE|MATH|DIALOG)$/.test(element.tagName) && !element.id) bad.push(element.tagName);
      if (element.tagName === 'FORM' && new URL(element.action, location).origin !== location.origin) bad.push(`a form to ${element.action}`);
      if (element.tagName === 'META' && element.httpEquiv === 'refresh') bad.push('a refresh');
    }
    return bad;
  });
  page.wrong.push(...found.map((one) => `${path}: ${one}`));
}
