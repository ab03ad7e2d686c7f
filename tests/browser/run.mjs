// Runs every *.test.mjs here and in ../torture and ../hostile, one after the other, and ends with "N passed, N failed".
// With --in FOLDER those of that folder beside this one alone. Words choose by the names of the files.
// An automatic check (CI is set) runs a file that failed once more: what then passes is counted as passed and named, since a browser on
// a loaded machine is now and then late. By hand nothing is run twice.
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

function run(file) {
  const ran = spawnSync(process.execPath, ['--test', '--test-reporter', 'tap', file], {encoding: 'utf8', maxBuffer: 1 << 28, cwd: here});
  const count = (word) => Number(ran.stdout.match(new RegExp(`^# ${word} (\\d+)`, 'm'))?.[1] ?? 0);
  const bad = count('fail') + count('cancelled');
  for (const line of ran.stdout.split('\n')) {
    if (/^\s*(ok|not ok) /.test(line) || /^\s*# (?!tests|suites|pass|fail|cancelled|skipped|todo|duration|Subtest)/.test(line)) console.log(`  ${line.trim()}`);
  }
  if (bad > 0 || ran.status !== 0) console.log(ran.stdout, ran.stderr);
  return {passed: count('pass'), failed: bad === 0 && ran.status !== 0 ? 1 : bad};
}

let passed = 0, failed = 0;
const late = [];
for (const file of files) {
  const start = Date.now();
  console.log(`── ${relative(here, file)}`);
  let result = run(file);
  if (result.failed > 0 && process.env.CI) {
    console.log(`── ${relative(here, file)}, once more`);
    result = run(file);
    if (result.failed === 0) late.push(relative(here, file));
  }
  console.log(`   ${Math.round((Date.now() - start) / 1000)} s`);
  passed += result.passed;
  failed += result.failed;
}
if (late.length > 0) console.log(`passed only the second time: ${late.join(', ')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
