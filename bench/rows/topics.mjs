// Completing a topic while somebody types, over HTTP, among 100,000 names.
import {spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {binary, startSite} from '../../tests/browser/support/site.mjs';
import {env, measure} from '../support.mjs';

const syllables = ['ba', 'ce', 'di', 'fo', 'gu', 'la', 'me', 'ni', 'po', 'ru', 'sa', 'te', 'vi', 'zo', 'tri', 'ska', 'blo', 'gre'];

// A vocabulary of 50,000 topics with a preferred name and another one, below a hundred broader ones.
function vocabulary(topics) {
  const name = (i) => Array.from({length: 4}, (_, k) => syllables[Math.floor(i / syllables.length ** k) % syllables.length]).join('');
  const lines = ['@prefix skos: <http://www.w3.org/2004/02/skos/core#> .', '@prefix t: <urn:bench:> .'];
  for (let i = 0; i < topics; ++i) {
    lines.push(`t:n${i} a skos:Concept ; skos:prefLabel "${name(i)} ${name(i * 7 + 3)}"@en ; skos:altLabel "the ${name(i * 31 + 5)} of ${name(i)}"@en${i >= 100 ? ` ; skos:broader t:n${i % 100}` : ''} .`);
  }
  return lines.join('\n');
}

export default async function topics({row, work, seconds}) {
  const data = join(work, 'topics');
  mkdirSync(data);
  const file = join(work, 'topics.ttl');
  writeFileSync(file, vocabulary(50_000));
  for (const words of [['demo'], ['topics', 'import', file]]) {
    const ran = spawnSync(binary, [...words, '--data', data], {encoding: 'utf8', env: {...process.env, BRAID_LOG_LEVEL: 'warning'}});
    if (ran.status !== 0) throw new Error(ran.stderr);
  }
  const site = await startSite({data, demo: false, env});
  let worst = 0;
  for (const typed of ['b', 'bace', 'the sa', 'skablo', 'grebaz']) {
    const words = ['--port', site.port, '--path', `/topics/suggest?q=${encodeURIComponent(typed)}`, '--header', 'hx-request: true', '--connections', 4, '--rate', 200];
    measure([...words, '--seconds', 1]);
    worst = Math.max(worst, measure([...words, '--seconds', seconds]).p99);
  }
  row('completing a topic among 100,000 names, over HTTP, p99', worst, 5, 'the aim', 'ms', 5 / worst);
  await site.stop();
}
