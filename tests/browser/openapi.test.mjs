// The OpenAPI document is valid, and tells the truth in both directions: every route under /api is in it, and what the server answers
// fits what it says.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, test} from 'node:test';
import SwaggerParser from '@apidevtools/swagger-parser';
import {binary, startSite} from './support/site.mjs';

let site, document;

before(async () => {
  site = await startSite();
  document = await (await fetch(`${site.url}/api/v1/openapi.json`)).json();
});
after(async () => site?.stop());

test('the document is valid OpenAPI 3.1', async () => {
  assert.match(document.openapi, /^3\.1\./);
  await SwaggerParser.validate(structuredClone(document));
});

test('every API route is documented and every documented operation is routed', () => {
  const {stdout} = spawnSync(binary, ['routes', '--data', site.data], {encoding: 'utf8'});
  const routed = stdout.split('\n').map((line) => line.trim().split(/\s+/)).filter(([, pattern]) => pattern?.startsWith('/api/'))
    .map(([method, pattern]) => `${method.toLowerCase()} ${pattern.replace(/\{(\w+):\w+\}/g, '{$1}')}`);
  const documented = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item)
    .filter((key) => ['get', 'post', 'put', 'patch', 'delete'].includes(key)).map((method) => `${method} ${path}`));
  assert.deepEqual(documented.sort(), routed.sort());
});
