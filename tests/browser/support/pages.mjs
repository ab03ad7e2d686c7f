// Every page there is, found as a person finds it: by following links, as each kind of viewer. One example of each shape of address is
// enough, so ids and words are folded.
import {Person} from './site.mjs';

export const viewers = {visitor: null, teen: 'abi', adult: 'mr-okafor', moderator: 'sam-w'};
const always = ['/', '/read', '/sign-in', '/sign-up', '/password/forgot', '/nowhere-at-all', '/styleguide', '/dev/mail'];
const signedIn = ['/library', '/write', '/works/new', '/settings', '/settings/profile', '/settings/account', '/settings/sessions',
  '/settings/tokens', '/settings/reading', '/people/abi', '/people/ms-ortega'];

function shape(path) {
  return path
    .replace(/\?.*/, (query) => `?${[...new URLSearchParams(query).keys()].sort().join('&')}`)
    .replace(/^\/tags\/[^/?]+/, '/tags/x').replace(/^\/people\/[^/?]+/, '/people/x')
    .replace(/\/(works|chapters|comments|revisions|covers|cases|appeals|notices)\/(?!new)[0-9a-z]+/g, '/$1/x');
}

// [{viewer, path}] with one row per viewer and shape.
export async function findPages(site, {perViewer = 60} = {}) {
  const rows = [];
  for (const [viewer, handle] of Object.entries(viewers)) {
    const person = new Person(site);
    if (handle) await person.signIn(handle);
    const seen = new Set();
    const queue = [...always, ...(handle ? signedIn : [])];
    while (queue.length > 0 && seen.size < perViewer) {
      const path = queue.shift();
      if (seen.has(shape(path))) continue;
      const response = await person.fetch(path, {headers: {accept: 'text/html'}});
      if (!(response.headers.get('content-type') ?? '').startsWith('text/html')) continue;
      seen.add(shape(path));
      rows.push({viewer, handle, path, status: response.status, html: await response.text()});
      for (const [, href] of rows.at(-1).html.matchAll(/href="(\/[^"#]*)/g)) {
        const clean = href.replaceAll('&amp;', '&');
        if (!/^\/(assets|api|covers|fonts)\//.test(clean)) queue.push(clean);
      }
    }
  }
  return rows;
}
