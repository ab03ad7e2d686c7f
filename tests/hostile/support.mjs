// What the hostile tests share: people with things of their own to protect, and requests no browser would send.
import {spawnSync} from 'node:child_process';
import {connect} from 'node:net';
import {Person, binary, startSite} from '../browser/support/site.mjs';

// Limits on how often are tested elsewhere; here they would hide what is behind them.
export async function startUnlimited(options = {}) {
  return startSite({...options, env: {BRAID_RATE_LIMITS: 'false', ...options.env}});
}

// [{method, pattern, needs}] of pages and API, as the program lists them.
export function routes() {
  const listed = spawnSync(binary, ['routes'], {encoding: 'utf8'});
  if (listed.status !== 0) throw new Error(listed.stderr);
  return listed.stdout.trim().split('\n').map((line) => line.trim().split(/\s{2,}|(?<=^[A-Z]+)\s+/)).filter(([method]) => /^[A-Z]+$/.test(method))
    .map(([method, pattern, action, needs]) => ({method, pattern, action, needs}));
}

export const formType = 'application/x-www-form-urlencoded';

// A Person who fills in forms: the token of a page goes with every POST unless the test says otherwise.
export class Somebody extends Person {
  async token() {
    if (!this.csrf) this.csrf = (await (await this.fetch('/sign-in')).text()).match(/name="_csrf" value="([^"]+)"/)?.[1]
      ?? (await (await this.fetch('/')).text()).match(/name="_csrf" value="([^"]+)"/)?.[1];
    return this.csrf;
  }
  async post(path, fields = {}, {headers = {}, csrf} = {}) {
    const body = new URLSearchParams();
    const token = csrf === undefined ? await this.token() : csrf;
    if (token !== null) body.append('_csrf', token);
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
    return this.fetch(path, {method: 'POST', body: body.toString(), headers: {'content-type': formType, origin: this.site.url, ...headers}});
  }
  // Raw bytes as the body of a form, the token in the header.
  async postRaw(path, body, type = formType) {
    return this.fetch(path, {method: 'POST', body, headers: {'content-type': type, origin: this.site.url, 'x-csrf-token': await this.token()}});
  }
  async signIn(handle) {
    await super.signIn(handle);
    this.handle = handle;
    this.csrf = undefined;
    return this;
  }
  async page(path) {
    return (await this.fetch(path)).text();
  }
}

// What the form itself would send: its first choices, so that a test need not know the names of the choices.
export async function formDefaults(person, path) {
  const html = await person.page(path);
  const fields = {};
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const name = tag.match(/name="([^"]+)"/)?.[1], value = tag.match(/value="([^"]*)"/)?.[1] ?? '';
    if (!name || name === '_csrf' || name === 'next' || /type="(file|checkbox)"/.test(tag)) continue;
    if (/type="radio"/.test(tag) && !/ checked/.test(tag) && fields[name] !== undefined) continue;
    fields[name] = value;
  }
  for (const [, name, inner] of html.matchAll(/<select[^>]*name="([^"]+)"[^>]*>(.*?)<\/select>/gs)) {
    fields[name] = (inner.match(/value="([^"]*)"[^>]* selected/) ?? inner.match(/value="([^"]*)"/))?.[1] ?? '';
  }
  return fields;
}

// Makes a work with one chapter; returns {work, chapter} as ids.
export async function makeWork(person, fields = {}, draft) {
  person.workDefaults ??= await formDefaults(person, '/works/new');
  const made = await person.post('/works/new', {...person.workDefaults, title: 'A work', rating: 'everyone', visibility: 'everyone', warnings_said: 'none', ...fields});
  const [, work, chapter] = made.headers.get('location')?.match(/^\/works\/([0-9a-z]+)\/chapters\/([0-9a-z]+)\/edit/) ?? [];
  if (!work) throw new Error(`no work was made: ${made.status} ${[...(await made.text()).matchAll(/field-error[^>]*>([^<]*)/g)].map((m) => m[1])}`);
  if (draft) await saveDraft(person, {work, chapter}, draft);
  return {work, chapter};
}
export async function baseOf(person, {work, chapter}) {
  return (await person.page(`/works/${work}/chapters/${chapter}/edit`)).match(/name="base" value="(\d+)"/)?.[1];
}
export async function saveDraft(person, at, draft) {
  const saved = await person.post(`/works/${at.work}/chapters/${at.chapter}/edit`, {base: await baseOf(person, at), editor: 'tests', ...draft});
  if (saved.status !== 303) throw new Error(`the draft was not saved: ${saved.status}`);
}
export async function publish(person, {work, chapter}) {
  const published = await person.post(`/works/${work}/chapters/${chapter}/publish`, {});
  if (published.status !== 303) throw new Error(`not published: ${published.status}`);
}
// Posts a comment on the chapter and returns its id.
export async function comment(person, {work, chapter}, text) {
  const posted = await person.post(`/works/${work}/chapters/${chapter}/comments`, {text, token: `t${Math.random()}`, from: 'all'});
  const id = posted.headers.get('location')?.match(/#c-([0-9a-z]+)/)?.[1];
  if (!id) throw new Error(`no comment was made: ${posted.status}`);
  return id;
}

// Sends bytes as they are and returns {status, head, body} of what comes back until the other side closes or `wait` ms pass in silence.
export function raw(site, bytes, {wait = 3000} = {}) {
  return new Promise((done, fail) => {
    const socket = connect(site.port, '127.0.0.1', () => socket.write(bytes));
    const pieces = [];
    const end = () => {
      socket.destroy();
      const text = Buffer.concat(pieces).toString('latin1');
      const [head, ...body] = text.split('\r\n\r\n');
      done({status: Number(text.match(/^HTTP\/1\.\d (\d+)/)?.[1] ?? 0), head, body: body.join('\r\n\r\n')});
    };
    socket.setTimeout(wait, end);
    socket.on('data', (piece) => pieces.push(piece));
    socket.on('end', end);
    socket.on('error', (error) => (pieces.length > 0 || error.code === 'ECONNRESET' ? end() : fail(error)));
  });
}
