// Every page there is, found as a person finds it: by following links, as each kind of viewer. One example of each shape of address is
// enough, so ids and words are folded.
import {Person} from './site.mjs';

export const viewers = {visitor: null, teen: 'abi', adult: 'mr-okafor', moderator: 'sam-w'};
// They see much that others see; only what is theirs alone is looked at.
const besides = {guardian: 'rosa-b', administrator: 'harbour'};
const always = ['/', '/read', '/search?q=lamp+status%3Aongoing', '/sign-in', '/sign-up', '/password/forgot', '/nowhere-at-all', '/styleguide', '/dev/mail'];
const signedIn = ['/library', '/write', '/works/new', '/settings', '/settings/profile', '/settings/account', '/settings/sessions',
  '/settings/tokens', '/settings/second-factor', '/settings/invitations', '/settings/guardians', '/settings/blocks', '/settings/blocks/ms-ortega', '/notices', '/guardian', '/admin/people', '/admin/people/abi/birth', '/admin/audit',
  '/admin/documents', '/settings/school', '/wrangling', '/interests', '/guidance', '/settings/reading', '/people/abi', '/people/ms-ortega'];

// Pages of a role: for everybody else they are not there.
const ifTheirs = new Set(['/guardian', '/admin/people', '/admin/people/abi/birth', '/admin/audit', '/admin/documents', '/settings/school', '/wrangling', '/settings/invitations',
  '/settings/guardians', '/settings/second-factor']);

function shape(path) {
  return path
    .replace(/\?.*/, (query) => `?${[...new URLSearchParams(query).keys()].sort().join('&')}`)
    .replace(/^\/tags\/[^/?]+/, '/tags/x').replace(/^(\/admin)?\/people\/[^/?]+/, '$1/people/x').replace(/^\/settings\/blocks\/[^/?]+/, '/settings/blocks/x')
    .replace(/\/(works|chapters|comments|revisions|covers|cases|children|appeals|notices|topics)\/(?!new)[0-9a-z]+/g, '/$1/x');
}

// [{viewer, path}] with one row per viewer and shape.
export async function findPages(site, {perViewer = 60} = {}) {
  const rows = [];
  for (const [viewer, handle] of Object.entries({...viewers, ...besides})) {
    const person = new Person(site);
    if (handle) await person.signIn(handle);
    const seen = new Set(besides[viewer] ? rows.filter(({status}) => status === 200).map(({path}) => shape(path)) : []);
    const before = seen.size;
    const queue = [...always, ...(handle ? signedIn : [])];
    while (queue.length > 0 && seen.size - before < perViewer) {
      const path = queue.shift();
      if (seen.has(shape(path))) continue;
      const response = await person.fetch(path, {headers: {accept: 'text/html'}});
      if (!(response.headers.get('content-type') ?? '').startsWith('text/html')) continue;
      if (response.status === 404 && ifTheirs.has(path)) continue;
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
