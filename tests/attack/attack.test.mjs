// Tools that are not ours, against a demo city on loopback: sqlmap on every parameter that is found, wapiti on whatever it finds by
// itself, signed in and not. That they find what is wrong is shown first, on a server that is wrong on purpose.
//   ATTACK_SECONDS=1200 tests/run.sh attack    a longer round: more time, more kinds of payload, more accounts
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {everybody} from '../hostile/fields.mjs';
import {Somebody, startUnlimited} from '../hostile/support.mjs';
import {cookieOf, ends, everyRequest} from './requests.mjs';
import {frontDoor, missingTools, sqlmap, wapiti} from './tools.mjs';
import {startVictim} from './victim.mjs';

const seconds = Number(process.env.ATTACK_SECONDS ?? 140);
const long = seconds >= 600;
const limit = {timeout: (seconds + 60) * 1000};
const missing = missingTools();

function shuffled(all, seed) {
  let state = seed >>> 0;
  const next = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };
  return all.map((one) => [next(), one]).sort(([a], [b]) => a - b).map(([, one]) => one);
}

if (missing.length > 0) {
  test('sqlmap and wapiti are there', () => assert.fail(`not installed: ${missing.join(' and ')}. Nothing was attacked. packages.txt names them: apt-get install ${missing.join(' ')}`));
} else {
  describe('the tools', () => {
    let victim;
    before(async () => { victim = await startVictim(); });
    after(() => victim?.stop());

    test('sqlmap finds a query that is pasted together, and no other', limit, async () => {
      const {findings, tested, out} = await sqlmap(victim.url, [{path: '/hello?name=you'}, {path: '/books?id=1'}], {seconds: 60});
      assert.ok(findings.some((one) => one.includes('/books?id=1')), out.slice(-2000));
      assert.ok(tested.length >= 2);
      assert.ok(!findings.some((one) => one.includes('/hello')));
    });
    test('wapiti finds script that is said back, and a redirect that leads anywhere', limit, async () => {
      const {findings, out} = await wapiti(victim.url, {seconds: 60});
      assert.ok(findings, out.slice(-2000));
      for (const kind of ['Cross Site Scripting: GET /hello', 'Open Redirect: GET /away', 'Internal Server Error: GET /books']) assert.ok(findings.some((one) => one.startsWith(kind)), `${kind} is not in ${JSON.stringify(findings)}`);
    });
  });

  describe('the demo city', () => {
    let site, people;
    before(async () => {
      site = await startUnlimited();
      people = long ? everybody : {teen: everybody.teen, moderator: everybody.moderator, visitor: null};
    });
    after(() => site?.stop());
    const untouched = async () => assert.equal((await fetch(`${site.url}/read`)).status, 200, 'it still answers');

    test('no parameter reaches a query: sqlmap', limit, async (t) => {
      // In another order every day, so that what a short round has no time for has its turn.
      const seed = Number(process.env.ATTACK_SEED ?? Math.floor(Date.now() / 86_400_000));
      const requests = shuffled(await everyRequest(site, people), seed);
      const half = requests.length / 2;
      const begun = Date.now();
      const settings = {seconds: seconds * 0.45, skip: ['_csrf'], ...(long ? {level: 2, risk: 2, technique: 'BEUST'} : {})};
      const rounds = await Promise.all([requests.slice(0, half), requests.slice(half)].map((part) => sqlmap(site.url, part, settings)));
      const tested = rounds.flatMap((round) => round.tested);
      t.diagnostic(`seed ${seed}: ${requests.length} requests, ${tested.length} parameters tried in ${Math.round((Date.now() - begun) / 1000)} s${rounds.some((round) => round.over) ? ', then the time was over' : ''}`);
      assert.deepEqual(rounds.flatMap((round) => round.findings), []);
      assert.ok(tested.length >= 20, `only ${tested.length} parameters were tried: ${rounds[0].out.slice(-1500)}`);
      await untouched();
    });

    for (const who of long ? Object.keys(everybody) : ['visitor', 'teen']) {
      test(`wapiti finds nothing as a ${who}`, limit, async (t) => {
        const person = new Somebody(site);
        if (everybody[who]) await person.signIn(everybody[who]);
        const token = await person.token();
        const door = await frontDoor(site.url, {headers: {cookie: cookieOf(person), 'x-csrf-token': token}, closed: new RegExp(`${ends.source}|^/(assets|covers)/`)});
        const begun = Date.now();
        const {findings, pages, over, out} = await wapiti(door.url, {seconds: seconds * (long ? 0.5 / Object.keys(everybody).length : 0.22)}).finally(() => door.stop());
        t.diagnostic(`${pages} addresses and forms in ${Math.round((Date.now() - begun) / 1000)} s${over ? ', then the time was over' : ''}`);
        assert.ok(findings, `there is no report: ${out.slice(-1500)}`);
        assert.deepEqual(findings, []);
        assert.ok(pages >= 20, `only ${pages} were found: ${out.slice(0, 1500)}`);
        await untouched();
      });
    }
  });
}
