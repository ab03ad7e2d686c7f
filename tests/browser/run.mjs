// Runs every *.test.mjs here and in ../torture and ../hostile, one after the other, and ends with "N passed, N failed".
// With --in FOLDER those of that folder beside this one alone. Words choose by the names of the files.
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {binary} from './support/site.mjs';

const here = dirname(fileURLToPath(import.meta.url));
if (!existsSync(binary)) {
  console.error(`${binary} is not built: run make build`);
  process.exit(2);
}
const wanted = process.argv.slice(2);
const only = wanted[0] === '--in' ? wanted.splice(0, 2)[1] : undefined;
const folders = (only ? [`../${only}`] : ['.', '../torture', '../hostile']).map((folder) => join(here, folder));
const files = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => join(folder, name)))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
let passed = 0, failed = 0;
for (const file of files) {
  console.log(`── ${relative(here, file)}`);
  const run = spawnSync(process.execPath, ['--test', '--test-reporter', 'tap', file], {encoding: 'utf8', maxBuffer: 1 << 28, cwd: here});
  const count = (word) => Number(run.stdout.match(new RegExp(`^# ${word} (\\d+)`, 'm'))?.[1] ?? 0);
  const ok = count('pass'), bad = count('fail') + count('cancelled');
  for (const line of run.stdout.split('\n')) {
    if (/^\s*(ok|not ok) /.test(line) || /^\s*# (?!tests|suites|pass|fail|cancelled|skipped|todo|duration|Subtest)/.test(line)) console.log(`  ${line.trim()}`);
  }
  if (bad > 0 || run.status !== 0) console.log(run.stdout, run.stderr);
  passed += ok;
  failed += bad === 0 && run.status !== 0 ? 1 : bad;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
