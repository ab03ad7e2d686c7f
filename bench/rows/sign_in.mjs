import {startSite, password, Person} from '../../tests/browser/support/site.mjs';
import {ask, cookieOf, env, measure} from '../support.mjs';

// Coming in with a password at the cost of Argon2id that the site has by default, against the hash alone on as many threads.
const passes = 2;
const memory = 19 * 1024;  // KiB

export default async function signIn({row, seconds, sites}) {
  const site = await startSite({data: sites.small(), demo: false,
    env: {...env, BRAID_ACCOUNTS_PASSWORD_PASSES: String(passes), BRAID_ACCOUNTS_PASSWORD_MEMORY: '19MB'}});
  const visitor = new Person(site);
  const csrf = (await (await visitor.fetch('/sign-in')).text()).match(/name="_csrf" value="([^"]+)"/)[1];
  const form = new URLSearchParams({_csrf: csrf, name: 'abi', password});
  const ours = measure(['--port', site.port, '--path', '/sign-in', '--header', `cookie: ${cookieOf(visitor)}`, '--header', `origin: ${site.url}`,
    '--content-type', 'application/x-www-form-urlencoded', '--body', form, '--connections', 8, '--seconds', seconds]);
  await site.stop();
  if (ours.failures > 0) throw new Error(`${ours.failures} of ${ours.requests} sign-ins were refused`);
  const bare = ask('argon2', ['--passes', passes, '--memory-kib', memory, '--seconds', seconds]);
  row('sign-ins, Argon2id of 19 MiB and 2 passes', ours.per_second, bare.per_second, 'the hash alone, a thread a core', 'sign-ins/s', ours.per_second / bare.per_second);
}
