// What is measured, in one table: prints it and writes build/bench.json as [{name, ours, theirs, peer, unit, ratio}], ratio above 1
// meaning ours is better. Everything runs on loopback on this machine; the load generator shares its cores.
//
//   node bench/run.mjs            every row
//   node bench/run.mjs --quick    a tenth of the people and comments, shorter runs
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {binary, freePort, Person, root, startSite} from '../tests/browser/support/site.mjs';
import {searchRows} from './search.mjs';
import {makeSite} from './site.mjs';
import {topicRows} from './topics.mjs';

const quick = process.argv.includes('--quick');
const seconds = quick ? 2 : 5;
const build = join(binary, '..');
const load = join(build, 'load');
const live = join(build, 'live');
const sqlBench = join(build, 'sql_bench');
const rows = [];
const work = mkdtempSync(join(tmpdir(), 'braid-bench-'));
const env = {BRAID_RATE_LIMITS: 'false', BRAID_DEVELOPMENT: 'false', BRAID_LOG_LEVEL: 'warning'};

function row(name, ours, theirs, peer, unit, ratio) {
  rows.push({name, ours, theirs, peer, unit, ratio: Number(ratio.toFixed(3))});
  const text = (value) => (value === null ? '–' : Number(value).toLocaleString('en', {maximumFractionDigits: 2}));
  console.log(`${name.padEnd(58)} ${text(ours).padStart(12)} ${text(theirs).padStart(12)}  ${unit.padEnd(10)} ${ratio.toFixed(2).padStart(7)}  ${peer}`);
}

function measure(words) {
  return JSON.parse(execFileSync(load, words.map(String), {encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']}));
}

async function startNginx(body) {
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
async function reader(site) {
  const person = await new Person(site).signIn('abi');
  const list = await (await person.fetch('/people/reader-7')).text();
  const work = list.match(/href="(\/works\/[0-9a-z]+)"/)[1];
  const chapters = [...(await (await person.fetch(work)).text()).matchAll(/href="(\/works\/[0-9a-z]+\/chapters\/[0-9a-z]+)"/g)];
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return {person, cookie, path: chapters.at(-1)[1]};
}

function residentMegabytes(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;
}

async function chapterPage(data) {
  const site = await startSite({data, demo: false, env});
  row('start to first answer', site.startedIn, 300, 'the aim', 'ms', 300 / site.startedIn);
  const {cookie, path, person} = await reader(site);
  const page = await (await person.fetch(path)).text();
  const nginx = await startNginx(page);
  const words = (length) => ['--port', site.port, '--path', path, '--header', `cookie: ${cookie}`, '--connections', 64, '--seconds', length];
  const peer = ['--port', nginx.port, '--path', '/page.html', '--connections', 64, '--seconds', seconds];
  measure(words(1));
  let ours = 0, theirs = 0;
  for (let round = 0; round < 2; ++round) {  // turn and turn about, since machines are noisy
    ours = Math.max(ours, measure(words(seconds)).per_second);
    theirs = Math.max(theirs, measure(peer).per_second);
  }
  row(`signed-in chapter page, ${Math.round(Buffer.byteLength(page) / 1024)} KB, 64 connections`, ours, theirs, 'nginx, the same bytes as a file', 'requests/s', ours / theirs);
  const half = measure([...words(seconds), '--rate', Math.round(ours / 2)]);
  row('the same at half load, p99', half.p99, 5, 'the aim', 'ms', 5 / half.p99);
  const quiet = measure([...peer, '--rate', Math.round(ours / 2)]);  // what this machine lets anybody have
  row('the same, beside a file', half.p99, quiet.p99, 'nginx at the same rate', 'ms', quiet.p99 / half.p99);
  const resident = residentMegabytes(site.pid);
  row('resident memory after that', resident, 150, 'the aim', 'MB', 150 / resident);
  await nginx.stop();
  await site.stop();
}

async function notices(data) {
  const site = await startSite({data, demo: false, env: {...env, BRAID_LOG_LEVEL: 'error'}});
  const {person, path} = await reader(site);
  const csrf = (await (await person.fetch(`${path}/comments?on=chapter`)).text()).match(/name="_csrf" value="([^"]+)"/)[1];
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const told = JSON.parse(execFileSync(live, ['--port', site.port, '--pages', 5000, '--seconds', seconds, '--pid', site.pid,
    '--listen', `${path}/live`, '--post', `${path}/comments`, '--header', `cookie: ${cookie}`, '--header', `x-csrf-token: ${csrf}`,
    '--header', `origin: ${site.url}`, '--body', `text=I+read+this+one+out+loud&paragraph=&token=live-{n}`].map(String), {encoding: 'utf8'}));
  if (told.lost > 0) throw new Error(`${told.lost} pages were not told`);
  row('a comment on 5,000 open pages, its commit included, p99', told.p99, 100, 'the aim', 'ms', 100 / told.p99);
  row('memory of an open page', told.kilobytes, 5, 'the aim', 'KB', 5 / told.kilobytes);
  await site.stop();
}

async function growth(small, large) {
  const p99 = [];
  for (const data of [small, large]) {
    const site = await startSite({data, demo: false, env});
    const {cookie, path} = await reader(site);
    const words = ['--port', site.port, '--path', path, '--header', `cookie: ${cookie}`, '--connections', 64, '--seconds', seconds, '--rate', 8000];
    measure(words);
    p99.push(Math.min(measure(words).p99, measure(words).p99));
    await site.stop();
  }
  row(`chapter page p99 at 8,000/s, 1,000 → ${quick ? '100,000' : '1,000,000'} people`, p99[1], p99[0], 'itself, small', 'ms', p99[0] / p99[1]);
}

async function comments(data) {
  const site = await startSite({data, demo: false, env});
  const {person, path} = await reader(site);
  const csrf = (await (await person.fetch(`${path}/comments?on=chapter`)).text()).match(/name="_csrf" value="([^"]+)"/)[1];
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const ours = measure(['--port', site.port, '--path', `${path}/comments`, '--header', `cookie: ${cookie}`, '--header', `x-csrf-token: ${csrf}`,
    '--header', `origin: ${site.url}`, '--content-type', 'application/x-www-form-urlencoded',
    '--body', 'text=I+read+this+one+out+loud&paragraph=&token=bench-{n}', '--connections', 64, '--seconds', seconds]);
  await site.stop();
  const raw = JSON.parse(execFileSync(sqlBench, ['--raw-comments', join(data, 'braid.sqlite'), '--seconds', String(seconds)], {encoding: 'utf8'}));
  row('durable comments posted over HTTP, 64 writers', ours.per_second, raw.per_second, 'raw SQLite, same schema, a commit each', 'comments/s', ours.per_second / raw.per_second);
}

try {
  console.log(`${''.padEnd(58)} ${'ours'.padStart(12)} ${'theirs'.padStart(12)}  ${'unit'.padEnd(10)} ${'ratio'.padStart(7)}  peer`);
  const scale = quick ? 10 : 1;
  const city = makeSite(join(work, 'city'), {people: 100_000 / scale, works: 10_000 / scale, comments: 1_000_000 / scale});
  await chapterPage(city);
  await comments(city);
  await notices(city);
  const small = makeSite(join(work, 'small'), {people: 1000, works: 1000, comments: 20_000});
  const large = makeSite(join(work, 'large'), {people: 1_000_000 / scale, works: 1000, comments: 20_000});
  await growth(small, large);
  await topicRows({row, work, measure, seconds, env});
  searchRows({row, quick, work, books: process.env.BRAID_SHARED_DATA && join(process.env.BRAID_SHARED_DATA, 'texts/books')});
  writeFileSync(join(root, 'build/bench.json'), `${JSON.stringify(rows, null, 2)}\n`);
} finally {
  rmSync(work, {recursive: true, force: true});
}
