import {startSite} from '../../tests/browser/support/site.mjs';
import {ask, env, reader} from '../support.mjs';

// From a commit to thousands of open pages.
export default async function notices({row, seconds, sites}) {
  const data = sites.city();
  const site = await startSite({data, demo: false, env: {...env, BRAID_LOG_LEVEL: 'error'}});
  const {person, cookie, path} = await reader(site);
  const csrf = (await (await person.fetch(`${path}/comments?on=chapter`)).text()).match(/name="_csrf" value="([^"]+)"/)[1];
  const told = ask('live', ['--port', site.port, '--pages', 5000, '--seconds', seconds, '--pid', site.pid,
    '--listen', `${path}/live`, '--post', `${path}/comments`, '--header', `cookie: ${cookie}`, '--header', `x-csrf-token: ${csrf}`,
    '--header', `origin: ${site.url}`, '--body', 'text=I+read+this+one+out+loud&paragraph=&token=live-{n}']);
  if (told.lost > 0) throw new Error(`${told.lost} pages were not told`);
  row('a comment on 5,000 open pages, its commit included, p99', told.p99, 100, 'the aim', 'ms', 100 / told.p99);
  row('memory of an open page', told.kilobytes, 5, 'the aim', 'KB', 5 / told.kilobytes);
  await site.stop();
}
