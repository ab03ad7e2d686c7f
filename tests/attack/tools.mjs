// sqlmap and wapiti, run on a server of ours on loopback, and what their reports say.
import {spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, request as ask} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

// Which of the tools are missing.
export function missingTools() {
  return ['sqlmap', 'wapiti'].filter((tool) => spawnSync(tool, ['--version'], {stdio: 'ignore'}).status !== 0);
}

// Runs until it ends or its time is over; {out, over}. `end`: what is answered when it asks what to do about being interrupted.
function run(command, args, seconds, {env = {}, end = ''} = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'pipe'], env: {...process.env, ...env}, detached: true});
    child.stdin.on('error', () => {});  // it ended without asking
    if (!end) child.stdin.end();
    let out = '', over = false;
    // A tool in the middle of something may miss the first interrupt.
    const stop = (signal) => { try { process.kill(-child.pid, signal); } catch { /* gone */ } };
    const clock = setTimeout(() => {
      over = true;
      child.stdin.end(end.repeat(4));
      for (const after of [0, 4000, 8000]) setTimeout(stop, after, 'SIGINT').unref();
      setTimeout(stop, 15_000, 'SIGKILL').unref();
    }, seconds * 1000);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => { out += piece; });
    child.on('close', () => { clearTimeout(clock); done({out, over}); });
    child.on('error', (error) => { clearTimeout(clock); done({out: `${out}${error.message}`, over}); });
  });
}
function folderFor(tool) {
  const path = mkdtempSync(join(tmpdir(), `braid-${tool}-`));
  return {path, remove: () => rmSync(path, {recursive: true, force: true})};
}

// Stands before a site and hands everything on with `headers` added, but for addresses that `closed` matches: so that a tool that follows
// every link keeps the session it was given, its forms are let through to what lies behind the check of their token, and it is answered in
// plain bytes, which it reads.
export async function frontDoor(url, {headers = {}, closed}) {
  const {hostname, port, host} = new URL(url);
  const server = createServer((request, response) => {
    if (closed.test(request.url)) return response.writeHead(404).end();
    const on = ask({hostname, port, path: request.url, method: request.method, headers: {...request.headers, 'accept-encoding': 'identity', ...headers, host, origin: url}}, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    on.on('error', () => response.destroy());
    request.pipe(on);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {url: `http://127.0.0.1:${server.address().port}`, stop() { server.closeAllConnections(); server.close(); }};
}

// A request as it goes over the wire; a * in the path marks a place to attack.
export function wire(url, {method = 'GET', path, headers = {}, body}) {
  const {host} = new URL(url);
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

// Lets sqlmap try every parameter of the requests. {tested: [{request, parameters}], findings: [text], over}.
export async function sqlmap(url, requests, {seconds, level = 1, risk = 1, technique = 'BE', skip = []}) {
  const folder = folderFor('sqlmap');
  const {port} = new URL(url);
  const log = join(folder.path, 'requests.xml'), results = join(folder.path, 'results.csv');
  writeFileSync(log, `<?xml version="1.0"?>\n<items>\n${requests.map((one) => `<item><port>${port}</port><request base64="true"><![CDATA[${Buffer.from(wire(url, one)).toString('base64')}]]></request></item>`).join('\n')}\n</items>\n`);
  const {out, over} = await run('sqlmap', ['-l', log, '--batch', '--disable-coloring', `--level=${level}`, `--risk=${risk}`, `--technique=${technique}`, '--dbms=SQLite', `--output-dir=${folder.path}`, `--results-file=${results}`,
    '--keep-alive', '--ignore-stdin', '--ignore-proxy', '--retries=0', '--timeout=10', '--flush-session', '--answers=redirect=N,skip test=N,merge=N,keep testing=N,exploit=N', ...(skip.length > 0 ? [`--skip=${skip.join(',')}`] : [])], seconds, {env: {HOME: folder.path}});
  // Of what looked odd at first it says itself when it was nothing, after trying again.
  const findings = existsSync(results) ? readFileSync(results, 'utf8').trim().split('\n').slice(1).filter((line) => line && !line.includes('false positive')) : [];
  for (const [line] of out.matchAll(/^.* is vulnerable\..*$/gm)) findings.push(line.trim());
  const tested = [...out.matchAll(/testing for SQL injection on ([^\n]+?)\r?\n/g)].map((one) => one[1]);
  folder.remove();
  return {tested, findings: [...new Set(findings)], over, out};
}

// Lets wapiti follow the links and forms from `url` and attack what it finds. {pages, findings, over}.
export async function wapiti(url, {seconds, modules = ['sql', 'xss', 'permanentxss', 'redirect', 'crlf', 'file', 'exec'], scan = Math.ceil(seconds / 3), attack = Math.ceil(seconds / 8)}) {
  const folder = folderFor('wapiti');
  const report = join(folder.path, 'report.json');
  // What it would fetch from elsewhere (lists, news of itself) it does not get.
  const alone = {HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9', HOME: folder.path};
  const {out, over} = await run('wapiti', ['-u', `${url}/`, '-m', modules.join(','), '--scope', 'domain', '-f', 'json', '-o', report, '--flush-session', '--no-bugreport', '--store-session', folder.path, '--store-config', folder.path,
    '--max-scan-time', String(scan), '--max-attack-time', String(attack), '-t', '10', '-v', '1'], seconds, {env: alone, end: 'r\n'});  // r: stop, and write the report
  const said = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  const findings = said && [...Object.entries(said.vulnerabilities), ...Object.entries(said.anomalies)].flatMap(([kind, all]) => all.map((one) => `${kind}: ${one.method} ${one.path} ${one.parameter ?? ''} ${one.info}`));
  folder.remove();
  return {pages: Number(out.match(/found (\d+) URLs and forms/)?.[1] ?? 0), findings, over, out};
}
