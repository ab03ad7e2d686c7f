// How guidance grows on made-up sites (guidance_bench.cpp): learning, answering, memory, and what readers quiet works get.
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {binary} from '../../tests/browser/support/site.mjs';

const tool = join(binary, '..', 'guidance_bench');

export default async function guidance({row, quick}) {
  const measure = (acts, works) => JSON.parse(execFileSync(tool, ['--acts', acts, '--works', works, '--asked', quick ? 300 : 2000].map(String), {encoding: 'utf8'}));
  const [acts, works] = quick ? [100_000, 10_000] : [1_000_000, 100_000];
  const small = measure(10_000, 1000);
  const large = measure(acts, works);
  const size = `${acts.toLocaleString('en')} acts`;
  const itself = 'itself, 10,000 acts, 1,000 works';
  row(`guidance: own part of an answer, p99, ${size}`, large.own_p99_us / 1000, 1, 'the aim', 'ms', 1000 / large.own_p99_us);
  row('guidance: an answer with its queries, median', large.answer_us / 1000, small.answer_us / 1000, itself, 'ms', small.answer_us / large.answer_us);
  row(`guidance: learning, ${size}`, large.learning_seconds, 60, 'the aim', 's', 60 / large.learning_seconds);
  const each = ({learning_seconds, acts: learnt}) => (learning_seconds / learnt) * 1e6;
  row('guidance: learning, for each act', each(large), each(small), itself, 'µs', each(small) / each(large));
  row('guidance: most memory while learning', large.megabytes, small.megabytes, itself, 'MB', small.megabytes / large.megabytes);
  row('guidance: shown from the quiet half of works', 100 * large.quiet_share, 100 * large.quiet_share_without, 'without the kept place', '%',
    large.quiet_share / Math.max(large.quiet_share_without, 1e-4));
}
