// What can be typed into the site, found and not listed: the forms of every page that anybody of it sees, and the bodies and query
// parameters of every operation of the API's document.
import {Somebody, formType} from './support.mjs';

// One of each of whom the demo city knows, with the pages that are nobody else's.
export const everybody = {visitor: null, child: 'leo', teen: 'abi', mentor: 'mr-okafor', guardian: 'rosa-b', moderator: 'sam-w', administrator: 'harbour'};

const entities = {'&quot;': '"', '&#39;': "'", '&#34;': '"', '&lt;': '<', '&gt;': '>', '&amp;': '&'};
const plain = (text) => text.replace(/&(quot|#39|#34|lt|gt|amp);/g, (one) => entities[one]);
function attributes(tag) {
  const all = {};
  for (const [, name, value] of tag.matchAll(/\s([a-z][\w-]*)(?:="([^"]*)")?/gi)) all[name] = plain(value ?? '');
  return all;
}

// [{action, method, upload, fields: [{name, kind, value, least, most}]}]; kind: text, number, password, email, hidden, choice, tick, date, file.
export function formsOf(html, here) {
  const forms = [];
  for (const [, head, inner] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)) {
    const form = attributes(head);
    const fields = new Map();
    const add = (name, kind, value, more = {}) => { if (name && name !== '_csrf' && !fields.has(name)) fields.set(name, {name, kind, value, ...more}); };
    for (const [, kind, rest, text] of inner.matchAll(/<(input|select|button|textarea)\b([^>]*)>(?:([^<]*)<\/textarea>)?/g)) {
      const said = attributes(rest);
      if (kind === 'textarea') add(said.name, 'text', plain(text ?? ''), {most: said.maxlength});
      else if (kind === 'button') add(said.name, 'choice', said.value ?? '');
      else if (kind === 'select') {
        const options = inner.slice(inner.indexOf(rest)).match(/^[^>]*>(.*?)<\/select>/s)?.[1] ?? '';
        const values = [...options.matchAll(/<option\b([^>]*)>/g)].map((one) => attributes(one[1]));
        add(said.name, 'choice', (values.find((one) => 'selected' in one) ?? values.find((one) => one.value !== '') ?? {value: ''}).value);
      } else if (said.type === 'radio') {
        if ('checked' in said) fields.delete(said.name);
        add(said.name, 'choice', said.value);
      } else if (said.type === 'checkbox') add(said.name, 'tick', 'checked' in said ? said.value : null, {ticked: said.value});
      else if (said.type === 'file') add(said.name, 'file', null);
      else if (said.type !== 'submit') add(said.name, ['number', 'password', 'email', 'hidden', 'date'].includes(said.type) ? said.type : 'text', said.value ?? '', {least: said.min, most: said.maxlength});
    }
    forms.push({action: form.action ? plain(form.action) : here, method: (form.method ?? 'get').toLowerCase(), upload: form.enctype === 'multipart/form-data', fields: [...fields.values()]});
  }
  return forms;
}

export const shapeOf = (path) => path.replace(/\?.*/, (query) => `?${[...new URLSearchParams(query).keys()].sort().join('&')}`)
  .replace(/^(\/admin)?\/(tags|people)\/[^/?]+/, '$1/$2/x').replace(/\/(?=[0-9a-z]*\d)[0-9a-z]{6,13}(?=[/?]|$)/g, '/x').replace(/\/revisions\/\d+/, '/revisions/1');

// {pages: [{who, path, html}], forms: [{who, page, ...form}], links: [path with a query]}: one of each shape, as everybody.
export async function findForms(site, {people = everybody, perPerson = 120} = {}) {
  const pages = [], forms = new Map(), links = new Map(), signedIn = {};
  for (const [who, handle] of Object.entries(people)) {
    const person = signedIn[who] = new Somebody(site);
    if (handle) await person.signIn(handle);
    const seen = new Set();
    const queue = ['/', '/read', '/sign-in', '/sign-up', '/password/forgot', '/waiting/new', '/search', '/privacy', '/help/now', '/guardian', '/write', '/works/new', '/library', '/interests', '/notices', '/moderation', '/wrangling', '/consent-desk',
      '/admin/people', '/admin/audit', '/admin/documents', '/settings/profile', '/settings/account', '/settings/tokens', '/settings/sessions', '/settings/invitations', '/settings/guardians', '/settings/second-factor', '/settings/data', '/settings/reading', '/settings/school', '/settings'];
    while (queue.length > 0 && seen.size < perPerson) {
      const path = queue.shift();
      const shape = shapeOf(path);
      if (seen.has(shape) || /^\/(assets|api|covers|dev|styleguide)\b/.test(path)) continue;
      seen.add(shape);
      const answer = await person.fetch(path, {headers: {accept: 'text/html'}});
      const html = await answer.text();
      if (answer.status !== 200 || !(answer.headers.get('content-type') ?? '').startsWith('text/html')) continue;
      pages.push({who, path, html});
      if (path.includes('?')) links.set(shape, links.get(shape) ?? {who, path});
      for (const form of formsOf(html, path)) {
        const key = `${form.method} ${shapeOf(form.action)} ${form.fields.map((field) => field.name).sort().join(',')}`;
        if (!forms.has(key)) forms.set(key, {who, page: path, ...form});
      }
      for (const [, href] of html.matchAll(/<a\b[^>]*?href="(\/[^"#]*)/g)) queue.push(plain(href));
    }
  }
  return {pages, forms: [...forms.values()], links: [...links.values()], people: signedIn};
}

// What the form sends when a person fills it in as best she can; `typed(field)` fills what is typed.
export function filledIn(form, typed) {
  const fields = {};
  for (const field of form.fields) {
    if (field.kind === 'file' || (field.kind === 'tick' && field.value === null)) continue;
    fields[field.name] = field.kind === 'text' ? typed(field) : field.value !== '' ? field.value
      : {number: field.least || '1', email: 'somebody@harbour.example', date: '2031-01-31', password: 'harbour-lights-2026'}[field.kind] ?? field.value;
  }
  return fields;
}

export async function submit(person, form, fields) {
  if (form.method === 'get') return person.fetch(`${form.action.replace(/\?.*/, '')}?${new URLSearchParams(fields)}`, {headers: {accept: 'text/html'}});
  if (!form.upload) return person.post(form.action, fields, {headers: {accept: 'text/html'}});
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return person.fetch(form.action, {method: 'POST', body, headers: {accept: 'text/html', origin: person.site.url, 'x-csrf-token': await person.token()}});
}

// [{id, method, path, body, query}] of the document; `body` is a schema with references followed.
export async function operationsOf(site) {
  const document = await (await fetch(`${site.url}/api/v1/openapi.json`)).json();
  const at = (reference) => reference.slice(2).split('/').reduce((value, part) => value[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  const follow = (schema, depth = 0) => {
    if (!schema || depth > 8) return {};
    if (schema.$ref) return follow(at(schema.$ref), depth + 1);
    const properties = schema.properties && Object.fromEntries(Object.entries(schema.properties).map(([name, value]) => [name, follow(value, depth + 1)]));
    return {...schema, ...(properties ? {properties} : {}), ...(schema.items ? {items: follow(schema.items, depth + 1)} : {})};
  };
  return {document, operations: Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
    .map(([method, said]) => ({id: said.operationId, method: method.toUpperCase(), path, body: said.requestBody && follow(said.requestBody.content['application/json'].schema), query: (said.parameters ?? []).filter((one) => one.in === 'query')})))};
}

// A value that fits a schema; `text(schema, name)` makes the strings.
export function valueOf(schema, text, name = '') {
  const type = [schema.type].flat()[0] ?? (schema.properties ? 'object' : 'string');
  if (schema.enum) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choice) return valueOf(choice[0], text, name);
  if (type === 'object') return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, value]) => [key, valueOf(value, text, key)]));
  if (type === 'array') return schema.items ? [valueOf(schema.items, text, name)] : [];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  return text(schema, name);
}
export {formType};
