// A program that calls /api/v1 and believes nothing: every answer is held against the OpenAPI document.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {binary, password, Person} from './site.mjs';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

// The document's schemas with nothing beyond what they name: an answer holds no member that is not documented.
function sealed(value) {
  if (Array.isArray(value)) return value.map(sealed);
  if (value === null || typeof value !== 'object') return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sealed(inner)]));
  if (copy.type === 'object' && copy.properties && !('additionalProperties' in copy)) copy.additionalProperties = false;
  return copy;
}

// What the document says of one operation, and what was seen of it.
class Operation {
  constructor(contract, method, path, said) {
    Object.assign(this, {contract, method, path, said, id: said.operationId, seen: new Set()});
    this.statuses = Object.keys(said.responses).map(Number);
    this.body = said.requestBody?.content['application/json'].schema;
    this.parameters = said.parameters ?? [];
    this.inPath = this.parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
    this.signedIn = !said.security.some((way) => !('token' in way));
    this.scope = said.security.find((way) => 'token' in way).token[0];
  }
  response(status) {
    const said = this.said.responses[status];
    return said?.$ref ? this.contract.at(said.$ref) : said;
  }
  bodySchema() {
    return this.body?.$ref ? this.contract.at(this.body.$ref) : this.body;
  }
}

export class Contract {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv2020({strict: false, allErrors: true});
    addFormats(this.ajv);
    this.ajv.addFormat('int32', true).addFormat('int64', true);
    this.ajv.addSchema({$id: 'https://braid.invalid/api', ...sealed(document)});
    this.validators = new Map();
    this.operations = new Map(Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item)
      .filter(([method]) => methods.includes(method)).map(([method, said]) => [said.operationId, new Operation(this, method, path, said)])));
  }
  at(reference) {
    return reference.slice(2).split('/').reduce((value, part) => value[part.replaceAll('~1', '/').replaceAll('~0', '~')], this.document);
  }
  schemaProblems(pointer, value) {
    if (!this.validators.has(pointer)) this.validators.set(pointer, this.ajv.compile({$ref: `https://braid.invalid/api#${pointer}`}));
    const validate = this.validators.get(pointer);
    return validate(value) ? null : validate.errors.map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`).join('; ');
  }
  // Throws unless `answer` is one the document names, with its content type, schema and headers.
  check(operation, answer) {
    const what = `${operation.id} → ${answer.status} ${answer.text.slice(0, 300)}`;
    assert.ok(operation.statuses.includes(answer.status), `not documented: ${what}`);
    const said = operation.response(answer.status);
    const types = Object.keys(said.content ?? {});
    if (types.length === 0) {
      assert.equal(answer.text, '', `documented without a body: ${what}`);
    } else {
      assert.equal((answer.headers.get('content-type') ?? '').split(';')[0], types[0], what);
      const escape = (text) => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
      const direct = operation.said.responses[answer.status].$ref;
      const base = direct ? direct.slice(1) : `/paths/${escape(operation.path)}/${operation.method}/responses/${answer.status}`;
      const problems = this.schemaProblems(`${base}/content/${escape(types[0])}/schema`, answer.body);
      assert.equal(problems, null, `does not fit its schema: ${what}`);
    }
    if (said.headers?.['Retry-After'] && answer.status === 429) assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/, what);
    if (said.headers?.Link && answer.body.next !== null) assert.match(answer.headers.get('link') ?? '', /rel="next"/, what);
    if (answer.status === 401) assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/, what);
    for (const name of answer.headers.keys()) assert.ok(!name.startsWith('access-control-'), `CORS is absent by design: ${what}`);
    if (answer.status >= 400) assert.equal(answer.body.status, answer.status, what);
    operation.seen.add(answer.status);
    return answer;
  }
}

// One program with one token, or with none.
export class Program {
  constructor(site, contract, token, headers = {}) {
    Object.assign(this, {site, contract, token, headers});
  }
  with({token = this.token, headers = {}, site = this.site}) {
    return new Program(site, this.contract, token, {...this.headers, ...headers});
  }
  // `params` fill the path, `query` and `body` go along; `text` is a body as it stands. The answer has fitted the document.
  async call(id, {params = {}, query = {}, body, text, headers = {}} = {}) {
    const operation = this.contract.operations.get(id);
    assert.ok(operation, `no operation ${id}`);
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => {
      assert.ok(name in params, `${id} needs ${name}`);
      return encodeURIComponent(params[name]);
    });
    const search = new URLSearchParams(query).toString();
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.site.url}${path}${search ? `?${search}` : ''}`, {
      method: operation.method.toUpperCase(), redirect: 'manual', body: sent,
      headers: {
        ...(this.token ? {authorization: `Bearer ${this.token}`} : {}), ...(sent === undefined ? {} : {'content-type': 'application/json'}),
        ...this.headers, ...headers,
      },
    });
    const answer = {status: response.status, headers: response.headers, text: await response.text()};
    answer.body = answer.text && /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(answer.text) : answer.text;
    return this.contract.check(operation, answer);
  }
  // The same, and it went well.
  async must(id, options) {
    const answer = await this.call(id, options);
    assert.ok(answer.status < 300, `${id} ${JSON.stringify(options)} → ${answer.status} ${answer.text}`);
    return answer.body;
  }
  // Every item of a list, `limit` at a time, the cursors followed.
  async all(id, {params, query = {}, limit = 7} = {}) {
    const items = [];
    for (let after = {}, pages = 0; ; ++pages) {
      assert.ok(pages < 500, `${id} does not end`);
      const page = await this.must(id, {params, query: {...query, limit, ...after}});
      assert.ok(page.items.length <= limit);
      items.push(...page.items);
      if (page.next === null) return items;
      after = {after: page.next};
    }
  }
}

// A token, made in the settings as a person makes it.
export async function tokenFromThePage(site, handle, scopes = ['read', 'write', 'account'], name = 'a test', days = 30) {
  const person = await new Person(site).signIn(handle);
  const csrf = (await (await person.fetch('/settings/tokens')).text()).match(/name="_csrf" value="([^"]+)"/)[1];
  const response = await person.fetch('/settings/tokens', {
    method: 'POST', headers: {origin: site.url},
    body: new URLSearchParams([['_csrf', csrf], ['name', name], ['days', String(days)], ...scopes.map((scope) => [scope, '1'])]),
  });
  const token = (await response.text()).match(/<code id="token">(braid_[\w-]{43})<\/code>/)?.[1];
  assert.ok(token, `no token for ${handle}: ${response.status}`);
  return {token, person, csrf};
}

// What two answers have in common when neither tells what the other does not.
export function shape(answer) {
  const {request_id: _, instance: __, ...rest} = answer.body;
  return [answer.status, rest, [...answer.headers.keys()].sort()];
}

export function addPerson(site, database, handle, born, role) {
  const run = (...words) => {
    const {status, stderr} = spawnSync(binary, ['user', ...words, '--data', site.data, ...(database ? ['--database', database] : [])], {encoding: 'utf8', input: `${password}\n`});
    assert.equal(status, 0, stderr);
  };
  run('add', handle, '--born', born);
  if (role) run('role', 'grant', handle, role);
}

// Runs SQL beside the server, for what time alone would bring about.
export function sqlBeside(site, postgres, name) {
  return (sql) => {
    if (postgres) return postgres.psql(name, sql);
    const {status, stdout, stderr} = spawnSync('sqlite3', ['-cmd', '.timeout 5000', join(site.data, 'braid.sqlite'), sql], {encoding: 'utf8'});
    assert.equal(status, 0, stderr);
    return stdout;
  };
}
