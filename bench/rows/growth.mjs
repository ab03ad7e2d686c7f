import {startSite} from '../../tests/browser/support/site.mjs';
import {env, measure, reader} from '../support.mjs';

// The same page while the site grows around it.
export default async function growth({row, quick, seconds, sites}) {
  const p99 = [];
  for (const data of [sites.small(), sites.crowded()]) {
    const site = await startSite({data, demo: false, env});
    const {cookie, path} = await reader(site);
    const words = ['--port', site.port, '--path', path, '--header', `cookie: ${cookie}`, '--connections', 64, '--seconds', seconds, '--rate', 8000];
    measure(words);
    p99.push(Math.min(measure(words).p99, measure(words).p99));
    await site.stop();
  }
  row(`chapter page p99 at 8,000/s, 1,000 → ${quick ? '100,000' : '1,000,000'} people`, p99[1], p99[0], 'itself, small', 'ms', p99[0] / p99[1]);
}
