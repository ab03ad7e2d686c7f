// What rows share: the programs that measure, somebody who reads, a file server to compare with.
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {binary, freePort, Person} from '../tests/browser/support/site.mjs';

export const build = join(binary, '..');
export const env = {BRAID_RATE_LIMITS: 'false', BRAID_DEVELOPMENT: 'false', BRAID_LOG_LEVEL: 'warning'};

// One line of JSON from a program of the build.
export function ask(program, words) {
  return JSON.parse(execFileSync(join(build, program), words.map(String), {encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']}));
}

export const measure = (words) => ask('load', words);

export const cookieOf = (person) => [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

export async function startNginx(body) {
  const folder = mkdtempSync(join(tmpdir(), 'braid-nginx-'));
  const port = await freePort();
  writeFileSync(join(folder, 'page.html'), body);
  writeFileSync(join(folder, 'nginx.conf'), `worker_processes 2; daemon off; pid ${folder}/pid; error_log ${folder}/error.log; ${process.getuid() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; sendfile on; tcp_nodelay on; default_type text/html; open_file_cache max=10;
  client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server { listen 127.0.0.1:${port}; root ${folder}; } }`);
  const server = spawn('nginx', ['-c', join(folder, 'nginx.conf')], {stdio: 'ignore'});
  for (let i = 0; i < 200; ++i) {
    try {
      await fetch(`http://127.0.0.1:${port}/page.html`);
      break;
    } catch {
      await new Promise((done) => setTimeout(done, 20));
    }
  }
  return {port, async stop() {
    const gone = new Promise((done) => server.once('exit', done));
    server.kill('SIGTERM');
    await gone;
    rmSync(folder, {recursive: true, force: true});
  }};
}

// The second chapter of a large site's work, as Abi reads it.
export async function reader(site) {
  const person = await new Person(site).signIn('abi');
  const list = await (await person.fetch('/people/reader-7')).text();
  const work = list.match(/href="(\/works\/[0-9a-z]+)"/)[1];
  const chapters = [...(await (await person.fetch(work)).text()).matchAll(/href="(\/works\/[0-9a-z]+\/chapters\/[0-9a-z]+)"/g)];
  return {person, cookie: cookieOf(person), path: chapters.at(-1)[1]};
}

// Waits until the server has nothing left to do by itself: what was written behind its back is indexed and learnt from. At most `most` seconds.
export async function settled(pid, most = 240) {
  const ticks = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, one) => sum + Number(one), 0);
  for (let quiet = 0, waited = 0; quiet < 4 && waited < most; ++waited) {
    const before = ticks();
    await new Promise((done) => setTimeout(done, 1000));
    quiet = ticks() - before < 5 ? quiet + 1 : 0;
  }
}
