// A PostgreSQL of our own: the one in BRAID_TEST_POSTGRES, or a private cluster in a temporary folder, run by another user when we are
// root (PostgreSQL refuses root). Returns null, with the reason on the console, where the server's programs are not installed.
import {spawnSync} from 'node:child_process';
import {chownSync, existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {freePort} from './site.mjs';

function binaries() {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return null;
  const newest = readdirSync(base).sort((a, b) => Number(b) - Number(a)).find((v) => existsSync(join(base, v, 'bin/initdb')));
  return newest ? join(base, newest, 'bin') : null;
}

function run(command, words, options = {}) {
  const result = spawnSync(command, words, {encoding: 'utf8', ...options});
  if (result.status !== 0) throw new Error(`${command} ${words.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

export async function startPostgres({fsync = true} = {}) {
  const bin = binaries();
  if (!bin) {
    console.log('# skipped: PostgreSQL is not installed');
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'braid-postgres-'));
  const port = await freePort();
  const root = userInfo().uid === 0;
  const as = (program, words) => (root ? ['runuser', ['-u', 'postgres', '--', join(bin, program), ...words]] : [join(bin, program), words]);
  if (root) {
    const {stdout} = spawnSync('id', ['-u', 'postgres'], {encoding: 'utf8'});
    chownSync(folder, Number(stdout), -1);
  }
  const call = (program, ...words) => run(...as(program, words), {cwd: '/'});
  const data = join(folder, 'data');
  call('initdb', '-D', data, '-A', 'trust', '-U', 'braid', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync');
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c fsync=${fsync ? 'on' : 'off'}`;
  run(...as('pg_ctl', ['-D', data, '-o', options, '-w', '-l', join(folder, 'log'), 'start']), {cwd: '/', stdio: 'ignore'});
  const url = (database) => `postgres://braid@127.0.0.1:${port}/${database}`;
  const psql = (database, sql) => run(join(bin, 'psql'), ['-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url(database), '-c', sql], {maxBuffer: 1 << 28});
  return {
    url,
    psql,
    create(name) {
      psql('postgres', `CREATE DATABASE ${name}`);
      return url(name);
    },
    stop() {
      call('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
