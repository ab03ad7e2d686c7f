// Requests from other sites, sessions put in by others, redirects that lead away, hosts and headers that are not ours.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {password} from '../browser/support/site.mjs';
import {Somebody, formType, makeWork, publish, raw, routes, startUnlimited} from './support.mjs';

let site, abi, work;
before(async () => {
  site = await startUnlimited({env: {BRAID_HTTP_HOSTS: '127.0.0.1'}});
  abi = await new Somebody(site).signIn('abi');
  work = await makeWork(abi, {title: 'Stays as it is'}, {title: 'One', text: 'Words.'});
  await publish(abi, work);
});
after(() => site?.stop());

const fill = (pattern) => pattern.replace(/\{(\w+)(?::\w+)?\}/g, (_, name) => work[name] ?? (name === 'revision' ? '1' : name === 'copy' ? 'tests' : '1zzzzzzzzzzzz'));
const sessionOf = (person) => [...person.cookies].find(([name]) => /session/.test(name));

test('every route that changes something refuses what another site could send', {timeout: 120_000}, async () => {
  const stranger = new Somebody(site);
  const foreign = await stranger.token();
  const administrator = await new Somebody(site).signIn('harbour');
  const ways = (good) => ({
    'no token': {csrf: null},
    'an empty token': {csrf: ''},
    'a wrong token': {csrf: 'A'.repeat(43)},
    'the token of another visitor': {csrf: foreign},
    'another origin': {csrf: good, headers: {origin: 'https://evil.example'}},
    'the origin null': {csrf: good, headers: {origin: 'null'}},
    'an origin that begins like ours': {csrf: good, headers: {origin: `${site.url}.evil.example`}},
    'a cross-site fetch': {csrf: good, headers: {'sec-fetch-site': 'cross-site'}},
    'a fetch from a sister site': {csrf: good, headers: {'sec-fetch-site': 'same-site'}},
    'text/plain without a token': {csrf: null, headers: {'content-type': 'text/plain'}},
  });
  // What belongs to staff is not there for others: it is asked for by who may.
  const hers = ways(await abi.token()), staffs = ways(await administrator.token());
  const wrong = [];
  const changing = routes().filter((row) => !['GET', 'HEAD'].includes(row.method));
  assert.ok(changing.length > 30);
  for (const row of changing) {
    const [person, tries] = row.needs === 'staff' ? [administrator, staffs] : [abi, hers];
    for (const [way, options] of Object.entries(tries)) {
      const body = new URLSearchParams({title: 'Taken over', text: 'Taken over', direction: 'up', ...(options.csrf == null ? {} : {_csrf: options.csrf})});
      const response = await person.fetch(fill(row.pattern), {
        method: row.method, body: body.toString(), headers: {'content-type': formType, origin: site.url, ...options.headers},
      });
      if (response.status !== 403) wrong.push(`${row.method} ${row.pattern} with ${way}: ${response.status}`);
      await response.body?.cancel();
    }
  }
  assert.deepEqual(wrong, []);
  assert.equal((await abi.fetch('/write')).status, 200, 'still signed in');
  assert.ok((await abi.page(`/works/${work.work}`)).includes('Stays as it is'));
});

test('a link changes nothing', async () => {
  const before = await abi.page(`/works/${work.work}/chapters`);
  for (const row of routes().filter((one) => one.method === 'POST')) {
    const answer = await abi.fetch(`${fill(row.pattern)}?_csrf=${await abi.token()}&title=x&undo=1`);
    assert.ok(answer.status < 500, row.pattern);
    await answer.body?.cancel();
  }
  assert.ok((await abi.page(`/works/${work.work}/chapters`)).length === before.length);
  assert.equal((await abi.fetch('/write')).status, 200);
});

test('a session put into a browser by somebody else does not become the session of who signs in', async () => {
  const [name] = sessionOf(abi);
  const attacker = await new Somebody(site).signIn('deniz');
  const [, planted] = sessionOf(attacker);
  for (const value of [planted, 'A'.repeat(planted.length), 'x']) {
    const victim = new Somebody(site);
    victim.cookies.set(name, value);
    await victim.fetch('/sign-in');
    if (value === planted) await victim.post('/sign-out', {}, {csrf: (await victim.page('/settings/reading')).match(/name="_csrf" value="([^"]+)"/)[1]});
    victim.cookies.set(name, value);
    victim.csrf = undefined;
    await victim.signIn('noor');
    assert.notEqual(sessionOf(victim)[1], value);
    const other = new Somebody(site);
    other.cookies.set(name, value);
    assert.equal((await other.fetch('/write')).status, 303, 'the planted one opens nothing');
  }
  // Leaving ends the session itself, not only the cookie.
  const person = await new Somebody(site).signIn('lucia');
  const kept = new Map(person.cookies);
  await person.post('/sign-out');
  person.cookies = kept;
  assert.equal((await person.fetch('/write')).status, 303);
});

test('a changed password ends every other session', async () => {
  const here = await new Somebody(site).signIn('imani');
  const there = await new Somebody(site).signIn('imani');
  assert.equal((await there.fetch('/write')).status, 200);
  const before = sessionOf(here)[1];
  const changed = await here.post('/settings/password', {current: password, password: 'another-long-password-7'});
  assert.equal(changed.status, 303);
  assert.notEqual(sessionOf(here)[1], before);
  assert.equal((await there.fetch('/write')).status, 303);
});

const away = [
  'https://evil.example/', '//evil.example/', '/\\evil.example/', '\\\\evil.example/', '/\t/evil.example', '/%09/evil.example', ' //evil.example', '\n//evil.example',
  'javascript:alert(1)', 'data:text/html,x', '/..//evil.example', '/.//evil.example', 'https:evil.example', '///evil.example', '/\r\nSet-Cookie: a=b', '/%0d%0aSet-Cookie:a=b',
  '@evil.example', '.evil.example', '/\u0000/evil.example', '/a/..//evil.example', '/%2F%2Fevil.example', '/%5Cevil.example', '/．evil.example', '/\u2028//evil.example',
];
test('no redirect leads away', {timeout: 60_000}, async () => {
  const wrong = [];
  const check = (way, next, response) => {
    const to = response.headers.get('location');
    if (response.status >= 500) wrong.push(`${way} next=${JSON.stringify(next)}: ${response.status}`);
    if (response.headers.getSetCookie().some((cookie) => cookie.startsWith('a='))) wrong.push(`${way}: header injection`);
    if (to && new URL(to, site.url).origin !== site.url) wrong.push(`${way} next=${JSON.stringify(next)} leads to ${to}`);
    // What a browser makes of it, tabs and backslashes included, stays here too.
    if (to && /[\t\r\n\\]/.test(to)) wrong.push(`${way} next=${JSON.stringify(next)}: ${JSON.stringify(to)}`);
  };
  for (const next of away) {
    for (const path of ['/sign-in', '/sign-up', '/settings/reading']) {
      check(`GET ${path} signed in`, next, await abi.fetch(`${path}?next=${encodeURIComponent(next)}`));
      const page = await (await new Somebody(site).fetch(`${path}?next=${encodeURIComponent(next)}`)).text();
      for (const [, value] of page.matchAll(/name="next" value="([^"]*)"/g)) {
        if (new URL(value.replaceAll('&amp;', '&') || '/', site.url).origin !== site.url) wrong.push(`${path} keeps next=${value}`);
      }
    }
    check('POST /language', next, await abi.post('/language', {language: 'en', next}));
    check('POST /settings/reading', next, await abi.post('/settings/reading', {next}));
    check('POST kudos', next, await abi.post(`/works/${work.work}/bookmark`, {next}));
    const visitor = new Somebody(site);
    check('POST /sign-in', next, await visitor.post('/sign-in', {name: 'theo', password, next}));
  }
  for (const path of ['//evil.example/write', '/\\evil.example', '//evil.example/%2e%2e', '/write//', '/%2F%2Fevil.example']) {
    const answer = await raw(site, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${site.port}\r\nConnection: close\r\n\r\n`);
    const to = answer.head.match(/^location: (.*)$/im)?.[1];
    if (to && new URL(to.trim(), site.url).origin !== site.url) wrong.push(`GET ${path} leads to ${to}`);
  }
  assert.deepEqual(wrong, []);
});

test('another host gets nothing of ours, and no page or mail takes the host from the request', async () => {
  for (const host of ['evil.example', `127.0.0.1:${site.port}.evil.example`, 'evil.example:80', `127.0.0.1:${site.port}@evil.example`, '', '[::1', 'a b']) {
    const answer = await raw(site, `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.ok([400, 421].includes(answer.status), `host ${JSON.stringify(host)}: ${answer.status}`);
    assert.ok(!/evil\.example/.test(answer.body), 'the page does not say the host back');
  }
  const token = await new Somebody(site).token();
  const visitor = new Somebody(site);
  await visitor.token();
  for (const extra of [{'x-forwarded-host': 'evil.example'}, {'x-forwarded-proto': 'https', forwarded: 'host=evil.example'}, {'x-original-url': '/settings'}, {'x-rewrite-url': '/settings'}]) {
    await visitor.post('/password/forgot', {email: 'abi@harbour.example'}, {headers: extra});
    const page = await (await visitor.fetch('/', {headers: extra})).text();
    assert.ok(!page.includes('evil.example'));
  }
  assert.ok(token);
  assert.ok(!(await (await abi.fetch('/dev/mail')).text()).includes('evil.example'));
});

test('requests that two servers could read differently are refused', async () => {
  const host = `Host: 127.0.0.1:${site.port}\r\n`;
  const smuggled = {
    'two lengths': `POST /sign-in HTTP/1.1\r\n${host}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`,
    'length and chunks': `POST /sign-in HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a space before the colon': `POST /sign-in HTTP/1.1\r\n${host}Content-Length : 4\r\n\r\nabcd`,
    'a folded header': `GET / HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`,
    'a bare line feed in a value': `GET / HTTP/1.1\r\n${host}X: a\rSet-Cookie: b\r\n\r\n`,
    'an unknown coding': `POST /sign-in HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    'chunked twice': `POST /sign-in HTTP/1.1\r\n${host}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
    'a negative length': `POST /sign-in HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
    'a length with a plus': `POST /sign-in HTTP/1.1\r\n${host}Content-Length: +4\r\n\r\nabcd`,
    'a length that wraps': `POST /sign-in HTTP/1.1\r\n${host}Content-Length: 18446744073709551620\r\n\r\nabcd`,
    'two hosts': `GET / HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`,
    'no host': 'GET / HTTP/1.1\r\n\r\n',
    'NUL in the path': `GET /\0 HTTP/1.1\r\n${host}\r\n`,
    'NUL in a header': `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`,
    'a chunk with a wrong size': `POST /sign-in HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n`,
  };
  const wrong = [];
  for (const [way, bytes] of Object.entries(smuggled)) {
    const answer = await raw(site, Buffer.from(bytes, 'latin1'), {wait: 2000});
    if (!(answer.status >= 400 && answer.status < 500 || answer.status === 501)) wrong.push(`${way}: ${answer.status}`);
    if (answer.body.includes('HTTP/1.1 2')) wrong.push(`${way}: a second request was answered`);
  }
  assert.deepEqual(wrong, []);
});

test('sign-in says the same about a wrong password and a name nobody has', async () => {
  const settled = (text, name) => text.replaceAll(name, 'NAME').replace(/nonce="[^"]*"|value="[A-Za-z0-9_-]{40,}"|[A-Za-z0-9_-]{43}|\b[0-9a-z]{13}\b/g, '');
  const visitor = new Somebody(site);
  const known = await visitor.post('/sign-in', {name: 'mina', password: 'wrong-password-1'});
  const unknown = await visitor.post('/sign-in', {name: 'nobody-here', password: 'wrong-password-1'});
  assert.equal(known.status, unknown.status);
  assert.equal(settled(await known.text(), 'mina'), settled(await unknown.text(), 'nobody-here'));
  const there = await visitor.post('/password/forgot', {email: 'abi@harbour.example'});
  const absent = await visitor.post('/password/forgot', {email: 'zzz@harbour.example'});
  assert.equal(there.status, absent.status);
  assert.equal(settled(await there.text(), 'abi@harbour.example'), settled(await absent.text(), 'zzz@harbour.example'));
});

test('every answer carries the headers that protect', async () => {
  for (const path of ['/', '/sign-in', '/nowhere', '/read', `/works/${work.work}`, '/settings', `/covers/${work.work}.svg`, '/assets/nothing.css', '/api/v1/nothing']) {
    const {headers} = await abi.fetch(path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    assert.ok(headers.get('referrer-policy'), path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|\*/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.equal(headers.get('server'), null, path);
  }
  const [name] = sessionOf(abi);
  const fresh = new Somebody(site);
  const page = await fresh.fetch('/sign-in');
  const token = (await page.text()).match(/name="_csrf" value="([^"]+)"/)[1];
  const entered = await fresh.fetch('/sign-in', {method: 'POST', headers: {'content-type': formType, origin: site.url}, body: new URLSearchParams({_csrf: token, name: 'rosa-b', password})});
  assert.equal(entered.status, 303, await entered.text());
  const line = entered.headers.getSetCookie().find((cookie) => cookie.startsWith(name));
  assert.match(line, /HttpOnly/i);
  assert.match(line, /SameSite=(Lax|Strict)/i);
});
