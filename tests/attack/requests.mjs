// Every request with something in it to attack: the queries and forms of the pages, the operations of the API, the parameters of
// every route.
import {everybody, filledIn, findForms, operationsOf, shapeOf, valueOf} from '../hostile/fields.mjs';
import {formType, routes} from '../hostile/support.mjs';

// They end the session or the account that the others are asked with.
export const ends = /sign-out|\/settings\/(password|sessions|data\/end|account)|\/end-others|\/me\/erasure|\/setup\/|^\/dev\//;
export const cookieOf = (person) => [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

export async function tokenOf(person) {
  const made = await person.post('/settings/tokens', {name: 'an attack', days: '30', read: '1', write: '1', account: '1'});
  return (await made.text()).match(/\b(braid_[A-Za-z0-9_-]{43})\b/)?.[1];
}

// [{path, method, headers, body}]; one for each shape. `people`: as whom.
export async function everyRequest(site, people = everybody) {
  const found = await findForms(site, {people, perPerson: 80});
  const all = new Map();
  const add = (request) => { const key = `${request.method ?? 'GET'} ${shapeOf(request.path)} ${request.shape ?? ''}`; if (!ends.test(request.path) && !all.has(key)) all.set(key, request); };
  const headers = async (who) => ({cookie: cookieOf(found.people[who]), origin: site.url, 'x-csrf-token': await found.people[who].token(), accept: 'text/html'});
  for (const {who, path} of found.links) add({path, headers: await headers(who)});
  const typed = (field) => field.value || 'lantern';
  for (const form of found.forms) {
    const fields = new URLSearchParams(filledIn(form, typed));
    const shape = [...fields.keys()].sort().join(',');
    if (form.method === 'get') add({path: `${form.action.replace(/\?.*/, '')}?${fields}`, headers: await headers(form.who)});
    else if (!form.upload && shape) add({method: 'POST', path: form.action, shape, headers: {...await headers(form.who), 'content-type': formType}, body: fields.toString()});
  }
  const ids = idsIn(found.pages);
  for (const who of Object.keys(people)) {
    if (!people[who]) continue;
    const bearer = await tokenOf(found.people[who]);
    await operations(site, ids, bearer, add);
    break;
  }
  const someone = Object.keys(people)[0];
  for (const row of routes()) {
    if (row.pattern.startsWith('/api/') || row.method !== 'GET' || !/\{/.test(row.pattern) || /\{rest|\/live/.test(row.pattern)) continue;
    // The last part of the address is the one that is attacked.
    const path = row.pattern.replace(/\{(\w+)(?::\w+)?\}/g, (_, name) => ids[name] ?? '1zzzzzzzzzzzz');
    add({path: `${path}*`, headers: await headers(someone)});
  }
  return [...all.values()];
}

async function operations(site, ids, bearer, add) {
  const headers = {authorization: `Bearer ${bearer}`, accept: 'application/json'};
  const {operations: all} = await operationsOf(site);
  for (const one of all) {
    const path = one.path.replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? '1zzzzzzzzzzzz');
    const query = new URLSearchParams(one.query.map((parameter) => [parameter.name, String(valueOf(parameter.schema, () => 'lantern', parameter.name))]));
    if (one.method === 'GET') add({path: query.size > 0 ? `${path}?${query}` : `${path}*`, headers});
    else if (one.body) add({method: one.method, path, headers: {...headers, 'content-type': 'application/json'}, body: JSON.stringify(valueOf(one.body, () => 'lantern'))});
  }
}

// Something that is there for each parameter of an address, as the pages link it.
function idsIn(pages) {
  const ids = {};
  for (const {html} of pages) {
    for (const [, room, value] of html.matchAll(/(?:href|action)="\/(?:[a-z-]+\/)*?(works|chapters|comments|people|tags|topics|cases|children|decisions|appeals|tokens|sessions|interests)\/([^"/?#]+)/g)) {
      const name = {people: 'handle', tags: 'tag', children: 'child'}[room] ?? room.replace(/s$/, '');
      if (value !== 'new') ids[name] ??= value;
    }
  }
  return {...ids, revision: '1', kind: 'privacy', file: `${ids.work}.svg`, role: 'mentor', copy: 'tests'};
}
