// More than was asked for: members and fields that a form or an operation does not have, named after every column of the database.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {everybody, filledIn, findForms, operationsOf, shapeOf, submit, valueOf} from './fields.mjs';
import {Somebody, startUnlimited} from './support.mjs';

const canary = 'zq-canary', number = 7777777, numberAsId = '7dbfh';
const ends = (path) => /sign-out|\/settings\/(password|data\/end|sessions)|end-others/.test(path);
let site, found, columns;

function sql(text) {
  const {status, stdout, stderr} = spawnSync('sqlite3', ['-readonly', '-cmd', '.timeout 5000', join(site.data, 'braid.sqlite'), text], {encoding: 'utf8', maxBuffer: 1 << 28});
  assert.equal(status, 0, stderr);
  return stdout;
}
before(async () => {
  site = await startUnlimited();
  found = await findForms(site);
  columns = sql("SELECT DISTINCT c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1").trim().split('\n');
});
after(() => site?.stop());

// What nobody gives herself.
const standing = () => sql(`SELECT 'p', id, role_bits, guarded, suspended_until, posts_reviewed, birth_year, face FROM persons ORDER BY id;
  SELECT 'r', person, role, scope_kind, scope, expires_at FROM person_roles ORDER BY person, role; SELECT 'w', id, author FROM works WHERE id IN (SELECT id FROM works ORDER BY id LIMIT 200);
  SELECT 'c', id, author FROM comments ORDER BY id LIMIT 500; SELECT 's', id, child, guardian, method FROM consents ORDER BY id`);

test('no field of a form reaches a column that the form does not offer', {timeout: 240_000}, async (t) => {
  assert.ok(columns.length > 150, `${columns.length} columns`);
  assert.equal(sql('.dump').includes(canary), false);
  const wrong = [];
  let sent = 0, through = 0;
  for (const form of found.forms.filter((one) => one.method === 'post' && !ends(one.action))) {
    const person = found.people[form.who];
    const own = filledIn(form, (field) => field.value || 'Words');
    const names = columns.filter((name) => !form.fields.some((field) => field.name === name));
    for (const value of [canary, String(number), numberAsId]) {
      for (let at = 0; at < names.length; at += 60) {
        const answer = await submit(person, form, {...own, ...Object.fromEntries(names.slice(at, at + 60).map((name) => [name, value]))});
        sent += 1;
        through += answer.status < 400 ? 1 : 0;
        if (answer.status >= 500) wrong.push(`${shapeOf(form.action)}: ${answer.status}`);
        await answer.body?.cancel();
      }
    }
  }
  t.diagnostic(`${sent} forms sent with ${columns.length} names, ${through} went through`);
  assert.deepEqual(wrong, []);
  assert.ok(through > 100, `${through} went through`);
  const dump = sql('.dump').split('\n').filter((line) => line.includes(canary) || new RegExp(`[(,]${number}[,)]`).test(line));
  assert.deepEqual(dump, [], 'a value that no form offers is kept');
});

test('nobody makes herself more than she is', {timeout: 120_000}, async () => {
  const handles = ['abi', 'mr-okafor', 'leo'];
  const people = await Promise.all(handles.map((handle) => new Somebody(site).signIn(handle)));
  const forms = found.forms.filter((one) => one.method === 'post' && ['teen', 'child', 'mentor'].includes(one.who) && !ends(one.action) && !/\/works\/new|comments|delete/.test(one.action));
  const more = {role: 'administrator', roles: 'administrator', role_bits: '127', staff: '1', admin: '1', is_admin: 'true', scope_kind: 'site', band: 'adult', birth_year: '1980', birth_month: '1', birth_day: '1', guarded: '0', denied: '0', choices: '31', suspended_until: '0', quiet_until: '0',
    posts_reviewed: '1', face: 'shown', person: sql("SELECT id FROM persons WHERE handle = 'harbour'").trim(), author: 'harbour', owner: 'harbour', handle: 'harbour', state: 'published', held: '0', method: 'signed_form', 'roles[]': 'administrator', 'person[role]': 'administrator', _method: 'DELETE'};
  const kept = standing();
  for (const person of people) {
    for (const form of forms) {
      const own = filledIn(form, (field) => field.value || 'Words');
      const beyond = Object.fromEntries(Object.entries(more).filter(([name]) => !form.fields.some((field) => field.name === name)));
      const answer = await submit(person, form, {...own, ...beyond});
      assert.ok(answer.status < 500, `${form.action}: ${answer.status}`);
      await answer.body?.cancel();
    }
  }
  assert.equal(standing(), kept);
});

test('an operation of the API takes no member that it does not name', {timeout: 120_000}, async (t) => {
  const {operations} = await operationsOf(site);
  const wrong = [];
  let tried = 0;
  for (const who of ['mentor', 'administrator']) {
    const person = await new Somebody(site).signIn(everybody[who]);
    const bearer = (await (await person.post('/settings/tokens', {name: 'beyond', days: '30', read: '1', write: '1', account: '1'})).text()).match(/\b(braid_[A-Za-z0-9_-]{43})\b/)[1];
    for (const one of operations.filter((op) => op.body?.properties)) {
      const path = one.path.replace(/\{handle\}/, 'abi').replace(/\{(\w+)\}/g, '1zzzzzzzzzzzz');
      const names = [...columns, 'role', 'roles', 'is_admin', '__proto__', 'constructor'].filter((name) => !(name in one.body.properties));
      for (const name of [...names.filter((_, i) => i % 7 === tried % 7), 'role', 'author'].filter((some) => !(some in one.body.properties))) {
        const body = JSON.stringify(valueOf(one.body, (schema, key) => (key === 'language' ? 'en' : 'Words'))).replace(/^\{/, `{${JSON.stringify(name)}:"administrator",`).replace(',}', '}');
        const answer = await fetch(`${site.url}${path}`, {method: one.method, headers: {authorization: `Bearer ${bearer}`, 'content-type': 'application/json'}, body});
        const text = await answer.text();
        if (![401, 403, 404, 422].includes(answer.status)) wrong.push(`${one.id} with ${name}: ${answer.status}`);
        if (answer.status === 422 && !text.includes(`"/${name}"`) && !text.includes(name)) wrong.push(`${one.id} with ${name}: ${text.slice(0, 200)}`);
      }
      tried += 1;
    }
  }
  t.diagnostic(`${tried} operations`);
  assert.deepEqual(wrong, []);
  assert.ok(tried >= 30, `${tried}`);
});
