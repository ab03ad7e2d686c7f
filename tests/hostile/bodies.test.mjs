// Pictures that are none, bodies without end, text that is no text, and clients that are slow or gone.
import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {crc32 as zlibCrc, deflateSync} from 'node:zlib';
import {Somebody, baseOf, comment, makeWork, publish, raw, routes, saveDraft, startUnlimited} from './support.mjs';

let site, abi, at;
before(async () => {
  site = await startUnlimited();
  abi = await new Somebody(site).signIn('abi');
  at = await makeWork(abi, {title: 'A work'}, {title: 'One', text: 'Words.'});
  await publish(abi, at);
});
after(() => site?.stop());

const crcTable = Array.from({length: 256}, (_, n) => { for (let k = 0; k < 8; ++k) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
const crc32 = zlibCrc ?? ((bytes) => { let c = 0xffffffff; for (const b of bytes) c = crcTable[(c ^ b) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; });
function chunk(type, data) {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), data])));
  return Buffer.concat([head, data, tail]);
}
function png(width, height, rows, extra = []) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const data = deflateSync(Buffer.alloc((width + 1) * rows), {level: 9});
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), ...extra, chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}
const sound = png(64, 96, 96);
const svg = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" onload="alert(1)"><script>alert(1)</script><image href="file:///etc/passwd"/></svg>');
const html = Buffer.from('<!doctype html><script>alert(1)</script>');

async function upload(bytes, name = 'cover.png', type = 'image/png') {
  const form = new FormData();
  form.append('cover', new Blob([bytes], {type}), name);
  return abi.fetch(`/works/${at.work}/cover`, {method: 'POST', body: form, headers: {origin: site.url, 'x-csrf-token': await abi.token()}});
}
const memory = async () => Number((await (await fetch(`${site.admin}/metrics`)).text()).match(/^process_resident_memory_bytes (\S+)/m)?.[1] ?? 0);

test('only pictures become covers, and of them only their pixels', {timeout: 180_000}, async () => {
  const before = await memory();
  const bad = {
    'an SVG with a script': [svg, 'cover.svg', 'image/svg+xml'],
    'an SVG named PNG': [svg, 'cover.png', 'image/png'],
    'HTML named PNG': [html, 'cover.png', 'image/png'],
    'HTML named HTML': [html, 'cover.html', 'text/html'],
    'nothing at all': [Buffer.alloc(0)],
    'one byte': [Buffer.from('x')],
    'a PNG cut off': [sound.subarray(0, 60)],
    'the eight bytes of a PNG': [sound.subarray(0, 8)],
    'a bomb of 20000 × 20000': [png(20000, 20000, 20000)],
    'a header that promises 2³¹ pixels': [png(0x7fffffff, 0x7fffffff, 1)],
    'a PNG 0 wide': [png(0, 10, 1)],
    'a PDF': [Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>')],
    'PostScript': [Buffer.from('%!PS\n(%pipe%id) (w) file')],
    'an ImageMagick script': [Buffer.from('push graphic-context\nviewbox 0 0 640 480\nfill \'url(https://evil.example/x.png"|ls "-la)\'\npop graphic-context')],
    'a CSV': [Buffer.from('1,2,3\n4,5,6\n'), 'a.csv', 'text/csv'],
    'a raw PPM': [Buffer.from('P5 1 1 255\n\0', 'latin1')],
    'a gzip': [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    'random bytes': [Buffer.from(Array.from({length: 5000}, (_, i) => (i * 7919) & 255))],
  };
  const wrong = [];
  for (const [what, file] of Object.entries(bad)) {
    const answer = await upload(...file);
    const page = await answer.text();
    if (answer.status !== 422) wrong.push(`${what}: ${answer.status}`);
    else if (!/field-error/.test(page)) wrong.push(`${what}: no word beside the field`);
  }
  const big = await upload(Buffer.concat([sound, Buffer.alloc(30 << 20)])).catch((error) => ({status: 413, error}));
  if (big.status !== 413) wrong.push(`30 MB: ${big.status}`);
  assert.deepEqual(wrong, []);
  const grown = (await memory()) - before;
  assert.ok(grown < 300e6, `memory grew by ${Math.round(grown / 1e6)} MB`);

  const words = Buffer.from('Comment\0<script>alert("kept")</script> GPS 51.5');
  const polyglot = Buffer.concat([png(64, 96, 96, [chunk('tEXt', words)]), html, Buffer.from('PK\x03\x04 after the end')]);
  assert.equal((await upload(polyglot, 'x.html', 'text/html')).status, 303, 'its pixels are a picture');
  for (const path of [`/covers/${at.work}.webp`, `/covers/${at.work}-small.webp`]) {
    const cover = await abi.fetch(path);
    assert.equal(cover.status, 200);
    assert.equal(cover.headers.get('content-type'), 'image/webp');
    const bytes = Buffer.from(await cover.arrayBuffer());
    assert.equal(bytes.toString('latin1', 8, 12), 'WEBP');
    assert.ok(!bytes.includes('script') && !bytes.includes('GPS'));
  }
  assert.equal((await abi.fetch('/')).status, 200);
});

test('an upload elsewhere, of another name or of many parts is refused quietly', async () => {
  for (const path of ['/works/new', `/works/${at.work}/edit`, '/settings/profile', '/sign-in', `/works/${at.work}/chapters/${at.chapter}/comments`]) {
    const form = new FormData();
    form.append('title', new Blob([sound]), '../../../../etc/passwd');
    const answer = await abi.fetch(path, {method: 'POST', body: form, headers: {origin: site.url, 'x-csrf-token': await abi.token()}});
    assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
  }
  const many = new FormData();
  for (let i = 0; i < 2000; ++i) many.append(`field${i}`, 'x');
  const answer = await abi.fetch(`/works/${at.work}/cover`, {method: 'POST', body: many, headers: {origin: site.url, 'x-csrf-token': await abi.token()}});
  assert.ok(answer.status >= 400 && answer.status < 500);
  for (const body of ['', '--', '--x\r\n', '--x\r\nContent-Disposition: form-data; name="cover"; filename="a.png"\r\n\r\n', '--x--']) {
    const cut = await abi.postRaw(`/works/${at.work}/cover`, body, 'multipart/form-data; boundary=x');
    assert.ok(cut.status >= 400 && cut.status < 500, JSON.stringify(body));
  }
  assert.equal((await abi.postRaw(`/works/${at.work}/cover`, 'x', 'multipart/form-data')).status >= 400, true);
});

test('a body beyond its limit is refused on every route', {timeout: 180_000}, async () => {
  const wrong = [];
  const text = 'a'.repeat(9 << 20);
  for (const row of routes().filter((one) => !['GET', 'HEAD', 'DELETE'].includes(one.method))) {
    const path = row.pattern.replace(/\{(\w+)(?::\w+)?\}/g, (_, name) => at[name] ?? (name === 'revision' ? '1' : '1zzzzzzzzzzzz'));
    const json = path.startsWith('/api/');
    const answer = await abi.postRaw(path, json ? `{"text":"${text}"}` : `text=${text}`, json ? 'application/json' : undefined).catch((error) => ({status: `broken off (${error.cause?.code ?? error.message})`}));
    if (row.needs === 'staff' && answer.status === 404) continue;  // what she may not know of is not there, whatever she sends
    if (answer.status !== 413 && !(row.method !== 'POST' && answer.status === 405)) wrong.push(`${row.method} ${row.pattern}: ${answer.status}`);
  }
  assert.deepEqual(wrong, []);
});

const chapterUrl = () => `/works/${at.work}/chapters/${at.chapter}`;
const deep = {
  quotes: '>'.repeat(100_000), lists: `${'- '.repeat(50_000)}x`, emphasis: '*a _b '.repeat(30_000), links: '['.repeat(100_000), 'links closed': '[a]('.repeat(40_000),
  images: '![a'.repeat(50_000), tags: '<b>'.repeat(60_000), 'more tags': '<blockquote><ul><li>'.repeat(9_000), backticks: Array.from({length: 600}, (_, i) => `${'`'.repeat(i)} `).join(''),
  entities: '&amp'.repeat(50_000), references: Array.from({length: 8_000}, (_, i) => `[a${i}]: /x`).join('\n'), 'one reference': `[a]: /${'x'.repeat(50_000)}\n${'[a] '.repeat(30_000)}`,
  tables: '|a'.repeat(60_000) + '\n' + '|-'.repeat(30_000), 'open comments': '<!--'.repeat(45_000), 'open attributes': '<a b="'.repeat(30_000), lines: '\n'.repeat(190_000), combining: `a${'\u0301'.repeat(190_000)}`,
  nestedLists: Array.from({length: 500}, (_, i) => `${' '.repeat(2 * (i % 250))}- x`).join('\n'), breaks: 'a  \n'.repeat(45_000), stars: '*'.repeat(190_000), underscores: 'a_'.repeat(90_000), autolinks: '<http://a'.repeat(20_000),
};
test('text nested without end takes neither time nor the server', {timeout: 300_000}, async () => {
  const slow = [];
  for (const [what, text] of Object.entries(deep)) {
    const begun = Date.now();
    const shown = await abi.post(`${chapterUrl()}/preview`, {title: 'x', text, notes_before: text.slice(0, 1900), notes_after: ''}, {headers: {'hx-request': 'true'}});
    await shown.text();
    const said = await abi.post(`${chapterUrl()}/comments`, {text: text.slice(0, 4900), token: what});
    await said.text();
    const bio = await abi.post('/settings/profile', {display_name: 'Abi', bio: text.slice(0, 900), language: 'en', listed: '1'});
    await bio.text();
    const took = Date.now() - begun;
    if (shown.status >= 500 || said.status >= 500 || bio.status >= 500) slow.push(`${what}: ${shown.status} ${said.status} ${bio.status}`);
    if (took > 3000) slow.push(`${what}: ${took} ms`);
  }
  assert.deepEqual(slow, []);
  assert.equal((await fetch(site.url)).status, 200);
});

test('NUL and bytes that are no UTF-8 are refused clearly in every field', {timeout: 120_000}, async () => {
  const fields = {
    '/sign-in': ['name', 'password', 'next'], '/sign-up': ['handle', 'display_name', 'password', 'email', 'birth_year', 'birth_month'],
    '/password/forgot': ['email'], '/works/new': ['title', 'summary', 'tags', 'warning_other', 'language', 'rating', 'visibility'],
    [`/works/${at.work}/edit`]: ['title', 'summary', 'tags'], [`${chapterUrl()}/edit`]: ['title', 'text', 'notes_before', 'notes_after', 'editor', 'base'],
    [`${chapterUrl()}/draft`]: ['title', 'text', 'editor'], [`${chapterUrl()}/preview`]: ['text'], [`${chapterUrl()}/publish`]: ['text'],
    [`${chapterUrl()}/comments`]: ['text', 'paragraph', 'token', 'reply_to'], '/settings/profile': ['display_name', 'bio', 'language'],
    '/settings/account/email': ['email', 'password'], '/settings/password': ['current', 'password'], '/settings/tokens': ['name', 'days'],
    '/settings/reading': ['theme', 'size'], '/language': ['language', 'next'], [`${chapterUrl()}/progress`]: ['percent', 'paragraph'],
    [`${chapterUrl()}/move`]: ['direction'],
  };
  const wrong = [];
  for (const [path, names] of Object.entries(fields)) {
    for (const name of [...names, '\u0000', '%FF']) {
      for (const bytes of ['a%00b', 'a%FFb', '%C0%80', '%ED%A0%80', '%F4%90%80%80', 'a%C3']) {
        const answer = await abi.postRaw(path, `${name === '%FF' ? name : encodeURIComponent(name)}=${bytes}`);
        if (!(answer.status >= 400 && answer.status < 500)) wrong.push(`${path} ${name}=${bytes}: ${answer.status}`);
        await answer.text();
      }
    }
  }
  for (const path of ['/read?after=%00', '/read?language=%FF', '/tags/%00', '/tags/%FF', '/tags/a%2Fb', '/people/%FF', '/people/%00', '/works/%00', '/covers/%00.svg', '/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd', '/assets/..%2f..%2fbraid.db', '/covers/..%2f..%2fbraid.db',
    '/sign-in?next=%00', '/sign-in?next=%FF', '/password/reset/%00', '/password/reset/%FF', '/settings/account/confirm/%FF', '/works/999999999999999999999', '/works/-1', `/works/${at.work}x`, '/%', '/%zz', '/%C0%AF', `${chapterUrl()}/revisions/99999999999999999999`, `${chapterUrl()}/revisions/-1`, `${chapterUrl()}/revisions/0`, `${chapterUrl()}/comments?thread=%FF`, `${chapterUrl()}/comments?from=99999999999999999999`, `${chapterUrl()}/revisions?before=-9223372036854775808`, `/${'a'.repeat(9000)}`, `/tags/${'a'.repeat(4000)}`, '/?' + 'a&'.repeat(3000)]) {
    const answer = await abi.fetch(path);
    if (answer.status >= 500) wrong.push(`GET ${path.slice(0, 60)}: ${answer.status}`);
    const text = await answer.text();
    if (/root:x|SQLite format/.test(text)) wrong.push(`GET ${path}: a file of the machine`);
  }
  for (const cookie of ['braid_session=%00', `braid_session=${'a'.repeat(5000)}`, 'braid_look=\xff', `${'a=b; '.repeat(500)}`, 'braid_csrf=\x01', '; = ;; ==']) {
    const answer = await raw(site, Buffer.from(`GET /read HTTP/1.1\r\nHost: 127.0.0.1:${site.port}\r\nCookie: ${cookie}\r\nAccept-Language: \xff\xfe,,;q=9,${'x-'.repeat(200)}\r\nConnection: close\r\n\r\n`, 'latin1'));
    if (answer.status === 0 || answer.status >= 500) wrong.push(`cookie ${JSON.stringify(cookie.slice(0, 30))}: ${answer.status}`);
  }
  assert.deepEqual(wrong, []);
});

test('a client that sends a byte at a time, or leaves in the middle, costs nobody else anything', {timeout: 60_000}, async () => {
  const host = `Host: 127.0.0.1:${site.port}\r\n`;
  const sockets = [];
  for (let i = 0; i < 200; ++i) {
    const socket = connect(site.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(i % 2 ? 'GET / HTTP/1.1\r\nHo' : `POST /sign-in HTTP/1.1\r\n${host}Content-Length: 1000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nname=`);
    sockets.push(socket);
  }
  for (let round = 0; round < 10; ++round) {
    for (const socket of sockets) socket.write('x');
    const begun = Date.now();
    assert.equal((await abi.fetch('/read')).status, 200);
    assert.ok(Date.now() - begun < 2000, 'the others are served meanwhile');
  }
  for (const socket of sockets) socket.destroy();
  const boundary = 'cut';
  for (let i = 0; i < 30; ++i) {
    const socket = connect(site.port, '127.0.0.1');
    socket.on('error', () => {});
    const cookie = [...abi.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    await new Promise((done) => socket.write(`POST /works/${at.work}/cover HTTP/1.1\r\n${host}Cookie: ${cookie}\r\nOrigin: ${site.url}\r\nContent-Length: 100000\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\n\r\n--${boundary}\r\nContent-Disposition: form-data; name="cover"; filename="a.png"\r\n\r\n${'x'.repeat(20_000)}`, done));
    await new Promise((done) => setTimeout(done, 5));
    socket.destroy();
  }
  const left = () => ['', 'tmp', 'uploads', 'blobs/tmp'].flatMap((folder) => { const path = join(site.data, folder); return existsSync(path) ? readdirSync(path).filter((name) => name.startsWith('upload-')) : []; });
  for (let i = 0; i < 50 && left().length > 0; ++i) await new Promise((done) => setTimeout(done, 100));
  assert.deepEqual(left(), [], 'no half of an upload stays');
  assert.equal((await abi.fetch('/write')).status, 200);
});
