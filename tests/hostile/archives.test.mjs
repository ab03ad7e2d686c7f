// Archives that are small and unpack to very much, that name files elsewhere, or that are none.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {crc32 as zlibCrc, deflateRawSync} from 'node:zlib';
import {binary} from '../browser/support/site.mjs';

const table = Array.from({length: 256}, (_, n) => { for (let k = 0; k < 8; ++k) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
function crc32(bytes) {
  if (zlibCrc) return zlibCrc(bytes);
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; ++i) c = table[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
// A ZIP archive (APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.16) of [[name, bytes, more]]; more.says: a size that is not true.
function zip(members) {
  const parts = [], list = [];
  let at = 0;
  for (const [name, bytes, {says = bytes.length} = {}] of members) {
    const packed = deflateRawSync(bytes, {level: 9}), called = Buffer.from(name), sum = crc32(bytes);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0); head.writeUInt16LE(20, 4); head.writeUInt16LE(8, 8); head.writeUInt32LE(sum, 14);
    head.writeUInt32LE(packed.length, 18); head.writeUInt32LE(says, 22); head.writeUInt16LE(called.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0); entry.writeUInt16LE(20, 4); entry.writeUInt16LE(20, 6); entry.writeUInt16LE(8, 10); entry.writeUInt32LE(sum, 16);
    entry.writeUInt32LE(packed.length, 20); entry.writeUInt32LE(says, 24); entry.writeUInt16LE(called.length, 28); entry.writeUInt32LE(at, 42);
    parts.push(head, called, packed);
    list.push(entry, called);
    at += head.length + called.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0); end.writeUInt16LE(members.length, 8); end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(list.reduce((sum, one) => sum + one.length, 0), 12); end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...list, end]);
}

const manifest = Buffer.from('propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,bulk\nfile.orgs,bulk\nfile.classes,bulk\nfile.enrollments,bulk\n');
const users = 'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n';
const rest = [['manifest.csv', manifest], ['orgs.csv', Buffer.from('sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\no1,active,2026-01-01,School,school,,\n')],
  ['classes.csv', Buffer.from('sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n')],
  ['enrollments.csv', Buffer.from('sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n')]];

let folder;
before(() => { folder = mkdtempSync(join(tmpdir(), 'braid-archives-')); });
after(() => rmSync(folder, {recursive: true, force: true}));

function read(bytes) {
  const file = join(folder, 'roster.zip');
  writeFileSync(file, bytes);
  const begun = Date.now();
  // A gigabyte of address space: what would unpack into memory ends here.
  const {status, signal, stdout, stderr} = spawnSync('bash', ['-c', 'ulimit -v 1000000; exec "$@"', 'bash', binary, 'import', 'roster', file, '--data', join(folder, 'data'), '--dry-run'], {encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60_000, env: {...process.env, BRAID_DEVELOPMENT: 'true'}});
  return {status, signal, text: `${stdout}${stderr}`, took: Date.now() - begun};
}

test('an archive is read in the memory of a small one, however much it holds', {timeout: 300_000}, () => {
  const good = read(zip([['users.csv', Buffer.from(`${users}u1,active,2026-01-01,true,o1,teacher,ana,,Ana,Costa,,,ana@school.example,,,,,\n`)], ...rest]));
  assert.equal(good.status, 0, good.text);
  const big = 400 << 20;
  const bombs = {
    'one line without end': [['users.csv', Buffer.concat([Buffer.from(users), Buffer.alloc(big, 0x78)])], ...rest],
    'one quoted field without end': [['users.csv', Buffer.concat([Buffer.from(`${users}"`), Buffer.alloc(big, 0x0a)])], ...rest],
    'eight million empty lines': [['users.csv', Buffer.concat([Buffer.from(users), Buffer.alloc(8 << 20, 0x0a)])], ...rest],
    'one line of commas': [['users.csv', Buffer.concat([Buffer.from(users), Buffer.alloc(big >> 4, 0x2c)])], ...rest],
    'a manifest without end': [['users.csv', Buffer.from(users)], ['manifest.csv', Buffer.concat([manifest, Buffer.alloc(big, 0x78)])], ...rest.slice(1)],
    'a size that is not true': [['users.csv', Buffer.concat([Buffer.from(users), Buffer.alloc(1 << 20, 0x0a)]), {says: 10}], ...rest],
    'a size beyond everything': [['users.csv', Buffer.from(users), {says: 0xfffffff0}], ...rest],
  };
  const wrong = [];
  for (const [what, members] of Object.entries(bombs)) {
    const {status, signal, text, took} = read(zip(members));
    if (signal || ![0, 1, 2].includes(status) || /bad_alloc|terminate|out of memory/i.test(text)) wrong.push(`${what}: ${signal ?? status} ${text.slice(-300)}`);
    if (took > 50_000) wrong.push(`${what}: ${took} ms`);
    if (text.length > 4 << 20) wrong.push(`${what}: says ${text.length} bytes`);
  }
  assert.deepEqual(wrong, []);
});

test('names in an archive lead nowhere', () => {
  const outside = join(folder, 'outside');
  for (const name of ['../outside', '../../../../../../../../tmp/braid-outside', '/tmp/braid-outside', 'a/../../outside', 'users.csv\u0000.png', 'C:\\outside', `${'../'.repeat(50)}etc/passwd`]) {
    const {status, signal, text} = read(zip([[name, Buffer.from('x')], ['users.csv', Buffer.from(users)], ...rest]));
    assert.ok(!signal && [0, 1, 2].includes(status), `${name}: ${signal ?? status} ${text}`);
    assert.ok(!existsSync(outside) && !existsSync('/tmp/braid-outside'), name);
  }
  for (const bytes of [Buffer.alloc(0), Buffer.from('PK'), Buffer.from('PK\x05\x06' + '\0'.repeat(18), 'latin1'), Buffer.from('PK\x03\x04' + 'x'.repeat(100), 'latin1')]) assert.equal(read(bytes).status, 2);
});
