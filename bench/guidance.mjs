// How guidance grows: learning, answering, memory, and what readers quiet works get. Prints rows as bench/run.mjs does and, given a file,
// writes them there as JSON.
//
//   node bench/guidance.mjs [--quick] [FILE]
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {binary} from '../tests/browser/support/site.mjs';

const tool = join(binary, '..', 'guidance_bench');

export function guidanceRows({quick = false} = {}) {
  const measure = (acts, works) => JSON.parse(execFileSync(tool, ['--acts', acts, '--works', works, '--asked', quick ? 300 : 2000].map(String), {encoding: 'utf8'}));
  const [most, works] = quick ? [100_000, 10_000] : [1_000_000, 100_000];
  const small = measure(10_000, 1000);
  const large = measure(most, works);
  const size = `${most.toLocaleString('en')} acts, ${works.toLocaleString('en')} works`;
  const row = (name, ours, theirs, peer, unit, ratio) => ({name, ours, theirs, peer, unit, ratio: Number(ratio.toFixed(3))});
  return [
    row(`guidance: an answer without the database, p99, ${size}`, large.own_p99_us / 1000, 1, 'the aim', 'ms', 1000 / large.own_p99_us),
    row('guidance: an answer with the database, p50', large.answer_us / 1000, small.answer_us / 1000, 'itself, 10,000 acts, 1,000 works', 'ms', small.answer_us / large.answer_us),
    row('guidance: learning, per act', (large.learning_seconds / large.acts) * 1e6, (small.learning_seconds / small.acts) * 1e6, 'itself, 10,000 acts', 'µs',
      small.learning_seconds / small.acts / (large.learning_seconds / large.acts)),
    row('guidance: learning', large.learning_seconds, 60, 'the aim', 's', 60 / large.learning_seconds),
    row('guidance: most memory while learning', large.megabytes, small.megabytes, 'itself, 10,000 acts', 'MB', small.megabytes / large.megabytes),
    row('guidance: shown, of the quiet half of works', 100 * large.quiet_share, 100 * large.quiet_share_without, 'without the kept place', '%',
      large.quiet_share / Math.max(large.quiet_share_without, 1e-4)),
  ];
}

if (process.argv[1]?.endsWith('guidance.mjs')) {
  const rows = guidanceRows({quick: process.argv.includes('--quick')});
  const text = (value) => Number(value).toLocaleString('en', {maximumFractionDigits: 2});
  for (const {name, ours, theirs, unit, ratio, peer} of rows)
    console.log(`${name.padEnd(74)} ${text(ours).padStart(10)} ${text(theirs).padStart(10)}  ${unit.padEnd(4)} ${ratio.toFixed(2).padStart(7)}  ${peer}`);
  const file = process.argv.slice(2).find((word) => !word.startsWith('--'));
  if (file) writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
}
