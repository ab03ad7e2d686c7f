// What is measured, in one table: prints it and writes build/bench.json as [{name, ours, theirs, peer, unit, ratio}], ratio above 1
// meaning ours is better. Everything runs on loopback on this machine; the load generator shares its cores.
//
//   node bench/run.mjs                    every file of bench/rows
//   node bench/run.mjs chapter sign_in    only these
//   node bench/run.mjs --quick            a tenth of the people and comments, shorter runs
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {root} from '../tests/browser/support/site.mjs';
import {makeSite} from './site.mjs';

const files = ['chapter', 'rules', 'sign_in', 'comments', 'notices', 'growth', 'search', 'topics'];
const quick = process.argv.includes('--quick');
const words = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unknown = words.filter((word) => !files.includes(word));
if (unknown.length > 0) {
  console.error(`bench: no rows called ${unknown.join(', ')}; there are ${files.join(', ')}`);
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'braid-bench-'));
const scale = quick ? 10 : 1;
const rows = [];

function row(name, ours, theirs, peer, unit, ratio) {
  rows.push({name, ours, theirs, peer, unit, ratio: Number(ratio.toFixed(3))});
  const text = (value) => (value === null ? '–' : Number(value).toLocaleString('en', {maximumFractionDigits: 2}));
  console.log(`${name.padEnd(58)} ${text(ours).padStart(12)} ${text(theirs).padStart(12)}  ${unit.padEnd(10)} ${ratio.toFixed(2).padStart(7)}  ${peer}`);
}

// A site is made when the first row asks for it, and shared by those after.
const made = new Map();
const site = (name, size) => () => {
  if (!made.has(name)) made.set(name, makeSite(join(work, name), size));
  return made.get(name);
};
const sites = {
  city: site('city', {people: 100_000 / scale, works: 10_000 / scale, comments: 1_000_000 / scale}),
  small: site('small', {people: 1000, works: 1000, comments: 20_000}),
  crowded: site('crowded', {people: 1_000_000 / scale, works: 1000, comments: 20_000}),
};

try {
  console.log(`${''.padEnd(58)} ${'ours'.padStart(12)} ${'theirs'.padStart(12)}  ${'unit'.padEnd(10)} ${'ratio'.padStart(7)}  peer`);
  for (const file of words.length > 0 ? words : files) {
    const {default: run} = await import(`./rows/${file}.mjs`);
    await run({row, quick, seconds: quick ? 2 : 5, sites, work});
  }
  mkdirSync(join(root, 'build'), {recursive: true});
  writeFileSync(join(root, 'build/bench.json'), `${JSON.stringify(rows, null, 2)}\n`);
} finally {
  rmSync(work, {recursive: true, force: true});
}
