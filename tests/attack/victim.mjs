// A little server that is wrong on purpose, so that a run of the tools which finds nothing elsewhere means something: one query is
// pasted together, one page says back what it was told, one address leads wherever it is told to.
import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

function sql(database, text) {
  return new Promise((done) => {
    const shell = spawn('sqlite3', ['-batch', '-noheader', database]);
    shell.stdin.on('error', () => {});
    shell.stdin.end(`${text};\n`);
    let out = '', wrong = '';
    shell.stdout.on('data', (piece) => { out += piece; });
    shell.stderr.on('data', (piece) => { wrong += piece; });
    shell.on('close', () => done({out, wrong}));
  });
}

export async function startVictim() {
  const folder = mkdtempSync(join(tmpdir(), 'braid-victim-'));
  const database = join(folder, 'victim.sqlite');
  const made = spawnSync('sqlite3', [database, "CREATE TABLE books (id INTEGER, title TEXT); INSERT INTO books VALUES (1, 'The Lamp Room'), (2, 'Salt');"], {encoding: 'utf8'});
  if (made.status !== 0) throw new Error(`sqlite3: ${made.error?.message ?? made.stderr}`);
  const server = createServer(async (request, response) => {
    const {pathname, searchParams} = new URL(request.url, 'http://127.0.0.1');
    const html = (text, status = 200) => response.writeHead(status, {'content-type': 'text/html; charset=utf-8'}).end(`<!doctype html><title>Books</title>${text}`);
    if (pathname === '/books') {
      const {out, wrong} = await sql(database, `SELECT title FROM books WHERE id = ${searchParams.get('id') ?? '1'}`);
      return html(`<ul>${out.split('\n').filter(Boolean).map((title) => `<li>${title.replace(/[<&]/g, '')}</li>`).join('')}</ul><pre>${wrong.replace(/[<&]/g, '')}</pre>`, wrong ? 500 : 200);
    }
    if (pathname === '/hello') return html(`<p>Hello ${searchParams.get('name') ?? 'you'}</p>`);
    if (pathname === '/away') return response.writeHead(302, {location: encodeURI(searchParams.get('to') ?? '/')}).end();
    return html('<a href="/books?id=1">Books</a> <a href="/hello?name=you">Hello</a> <a href="/away?to=/hello">Away</a>');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() { server.closeAllConnections(); server.close(); rmSync(folder, {recursive: true, force: true}); },
  };
}
