import {Person, startSite} from '../../tests/browser/support/site.mjs';
import {cookieOf, env, measure, reader, settled} from '../support.mjs';

// What the rules for minors cost where most reading happens: a chapter for a child whose guardian has made choices, against the same chapter for a
// grown-up of whom nothing is kept.
export default async function rules({row, seconds, sites}) {
  const site = await startSite({data: sites.city(), demo: false, env});
  const {path} = await reader(site);
  await settled(site.pid);
  const as = async (handle) => ({handle, cookie: cookieOf(await new Person(site).signIn(handle)), best: 0});
  const [child, adult] = [await as('leo'), await as('rosa-b')];
  for (let round = 0; round < 6; ++round) {  // turn and turn about, since machines are noisy
    const person = round % 2 === 0 ? child : adult;
    const {per_second: now, failures} = measure(['--port', site.port, '--path', path, '--header', `cookie: ${person.cookie}`, '--connections', 64, '--seconds', seconds]);
    if (failures > 0) throw new Error(`${person.handle} was refused ${failures} times`);
    person.best = Math.max(person.best, now);
  }
  await site.stop();
  row('chapter page for a child with a guardian', child.best, adult.best, 'for a grown-up', 'requests/s', child.best / adult.best);
}
