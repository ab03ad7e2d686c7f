// A Braid of our own for one test file: a temporary folder, a free port, the demo city; gone afterwards.
import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, createWriteStream, readFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const binary = process.env.BRAID_BINARY ?? join(root, 'build/release/braid');
export const password = 'harbour-lights-2026';

export async function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => done(port));
    });
  });
}

// `host`: the name people use; passkeys want one that is no address. `database`: a URL, or nothing for the SQLite file in the data folder. `data`: a folder to use instead of a new one, kept at the end.
export async function startSite({demo = true, host = '127.0.0.1', database, data: given, flags = [], env = {}} = {}) {
  const data = given ?? mkdtempSync(join(tmpdir(), 'braid-browser-'));
  const port = await freePort();
  const admin = await freePort();
  const common = ['--data', data, ...(database ? ['--database', database] : [])];
  const url = `http://${host}:${port}`;
  const environment = {
    ...process.env, BRAID_DEVELOPMENT: 'true', BRAID_ACCOUNTS_STAFF_SECOND_FACTOR: 'false', ...(host === '127.0.0.1' ? {} : {BRAID_HTTP_PUBLIC_URL: url}),
    ...env,
  };
  if (demo) {
    const loaded = spawnSync(binary, ['demo', ...common], {env: environment, encoding: 'utf8'});
    if (loaded.status !== 0) throw new Error(`braid demo failed: ${loaded.stderr}`);
  }
  const log = join(data, `server-${port}.log`);
  const started = Date.now();
  const server = spawn(binary, ['serve', ...common, '--listen', `127.0.0.1:${port}`, '--admin-listen', `127.0.0.1:${admin}`, ...flags], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const sink = createWriteStream(log);
  server.stdout.pipe(sink);
  server.stderr.pipe(sink);
  await untilUp(`${url}/`, server, log);
  return {
    url,
    data,
    admin: `http://127.0.0.1:${admin}`,
    pid: server.pid,
    startedIn: Date.now() - started,  // milliseconds until the first answer
    async kill() {
      const gone = new Promise((done) => server.once('exit', done));
      server.kill('SIGKILL');
      await gone;
    },
    port,
    log: () => readFileSync(log, 'utf8'),
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const gone = new Promise((done) => server.once('exit', done));
        server.kill('SIGTERM');
        await gone;
      }
      if (!given) rmSync(data, {recursive: true, force: true});
    },
  };
}

async function untilUp(url, server, log) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`braid serve ended with ${server.exitCode}: ${readFileSync(log, 'utf8')}`);
    try {
      await fetch(url);
      return;
    } catch {
      if (Date.now() > deadline) throw new Error(`braid serve did not answer: ${readFileSync(log, 'utf8')}`);
      await new Promise((done) => setTimeout(done, 5));
    }
  }
}

// Fetch as a person: a cookie jar, and forms filled in as a browser without script would.
export class Person {
  constructor(site) {
    this.site = site;
    this.cookies = new Map();
  }
  async fetch(path, {method = 'GET', headers = {}, body} = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, this.site.url), {
      method, body, redirect: 'manual', headers: {...(cookie ? {cookie} : {}), ...headers},
    });
    for (const line of response.headers.getSetCookie?.() ?? []) {
      const [pair, ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const dead = attributes.some((attribute) => /max-age=(0|-)/i.test(attribute));
      if (dead) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }
  async signIn(handle) {
    const page = await (await this.fetch('/sign-in')).text();
    const token = page.match(/name="_csrf" value="([^"]+)"/)?.[1] ?? '';
    const response = await this.fetch('/sign-in', {
      method: 'POST',
      headers: {'content-type': 'application/x-www-form-urlencoded', origin: this.site.url},
      body: new URLSearchParams({_csrf: token, name: handle, password}),
    });
    if (response.status !== 303) throw new Error(`sign-in as ${handle}: ${response.status} ${await response.text()}`);
    return this;
  }
}
