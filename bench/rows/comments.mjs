import {join} from 'node:path';
import {startSite} from '../../tests/browser/support/site.mjs';
import {ask, env, measure, reader} from '../support.mjs';

// Comments over HTTP, acknowledged when they are on the disk.
export default async function comments({row, seconds, sites}) {
  const data = sites.city();
  const site = await startSite({data, demo: false, env});
  const {person, cookie, path} = await reader(site);
  const csrf = (await (await person.fetch(`${path}/comments?on=chapter`)).text()).match(/name="_csrf" value="([^"]+)"/)[1];
  const ours = measure(['--port', site.port, '--path', `${path}/comments`, '--header', `cookie: ${cookie}`, '--header', `x-csrf-token: ${csrf}`,
    '--header', `origin: ${site.url}`, '--content-type', 'application/x-www-form-urlencoded',
    '--body', 'text=I+read+this+one+out+loud&paragraph=&token=bench-{n}', '--connections', 64, '--seconds', seconds]);
  await site.stop();
  const raw = ask('sql_bench', ['--raw-comments', join(data, 'braid.sqlite'), '--seconds', seconds]);
  row('durable comments posted over HTTP, 64 writers', ours.per_second, raw.per_second, 'raw SQLite, same schema, a commit each', 'comments/s', ours.per_second / raw.per_second);
}
