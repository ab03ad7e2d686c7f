import {readFileSync} from 'node:fs';
import {startSite} from '../../tests/browser/support/site.mjs';
import {env, measure, reader, settled, startNginx} from '../support.mjs';

function residentMegabytes(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;
}

// The page most people read most of the time, against nginx serving its bytes as a file.
export default async function chapter({row, seconds, sites}) {
  const data = sites.city();
  const site = await startSite({data, demo: false, env});
  row('start to first answer', site.startedIn, 300, 'the aim', 'ms', 300 / site.startedIn);
  const {cookie, path, person} = await reader(site);
  await settled(site.pid);
  const page = await (await person.fetch(path)).text();
  const nginx = await startNginx(page);
  const words = (length) => ['--port', site.port, '--path', path, '--header', `cookie: ${cookie}`, '--connections', 64, '--seconds', length];
  const peer = ['--port', nginx.port, '--path', '/page.html', '--connections', 64, '--seconds', seconds];
  measure(words(1));
  let ours = 0, theirs = 0;
  for (let round = 0; round < 2; ++round) {  // turn and turn about, since machines are noisy
    ours = Math.max(ours, measure(words(seconds)).per_second);
    theirs = Math.max(theirs, measure(peer).per_second);
  }
  row(`signed-in chapter page, ${Math.round(Buffer.byteLength(page) / 1024)} KB, 64 connections`, ours, theirs, 'nginx, the same bytes as a file', 'requests/s', ours / theirs);
  const half = measure([...words(seconds), '--rate', Math.round(ours / 2)]);
  row('the same at half load, p99', half.p99, 5, 'the aim', 'ms', 5 / half.p99);
  const quiet = measure([...peer, '--rate', Math.round(ours / 2)]);  // what this machine lets anybody have
  row('the same, beside a file', half.p99, quiet.p99, 'nginx at the same rate', 'ms', quiet.p99 / half.p99);
  const resident = residentMegabytes(site.pid);
  row('resident memory after that', resident, 150, 'the aim', 'MB', 150 / resident);
  await nginx.stop();
  await site.stop();
}
