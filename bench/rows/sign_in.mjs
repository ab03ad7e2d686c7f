import {startSite, Person} from '../../tests/browser/support/site.mjs';
import {ask, env} from '../support.mjs';

// Coming in with a password at the cost of Argon2id that the site has by default, against the hash alone, a thread a core. Forty people, four at a
// time: one network may not try many names at once, and that is never off.
const passes = 2;
const memory = 19 * 1024;  // KiB
const people = 40;

export default async function signIn({row, seconds, sites}) {
  const site = await startSite({data: sites.small(), demo: false,
    env: {...env, BRAID_ACCOUNTS_PASSWORD_PASSES: String(passes), BRAID_ACCOUNTS_PASSWORD_MEMORY: '19MB'}});
  let next = 1;
  const comeIn = async () => {
    while (next <= people) await new Person(site).signIn(`reader-${next++}`);
  };
  const start = performance.now();
  await Promise.all([comeIn(), comeIn(), comeIn(), comeIn()]);
  const ours = people / ((performance.now() - start) / 1000);
  await site.stop();
  const bare = ask('argon2', ['--passes', passes, '--memory-kib', memory, '--seconds', seconds]);
  row('sign-ins, Argon2id of 19 MiB and 2 passes', ours, bare.per_second, 'the hash alone', 'sign-ins/s', ours / bare.per_second);
}
