// How each answer of reports, cases, decisions and appeals is had. `boss` decides what `moderator` looks at a second time.
import assert from 'node:assert/strict';
import {shape} from '../support/api.mjs';

const reason = 'The lamp is somebody else\'s.';
const asked = ['listAppeals', 'decideAppeal', 'listCases', 'openCase', 'claimCase', 'releaseCase', 'decideCase', 'addCaseNote', 'confirmDecision', 'liftDecision', 'refuseDecision'];

export function moderation(world, absent, story) {
  const bodies = {
    report: {kind: 'work', object: absent.work, category: 'other', words: 'Look at this.'},
    appeal: {words: 'It is mine.'},
    decideAppeal: {state: 'upheld', answer: 'We looked again.'},
    decideCase: {measure: 'warn', reason},
    addCaseNote: {text: 'I wrote to her.'},
    liftDecision: {why: 'It was a mistake.'},
    refuseDecision: {why: 'A warning will do.'},
  };

  async function caseAbout(kind, object) {
    await world.rival.must('report', {body: {...bodies.report, kind, object}});
    return (await world.boss.all('listCases')).find((one) => one.kind === kind && one.object === object).id;
  }
  const newCase = async () => ({case: await caseAbout('work', (await story(world.writer, 'everyone')).work)});
  const decide = async (by, params, body) => ({...params, decision: (await by.must('decideCase', {params, body})).id});
  const decided = async (by, measure) => decide(by, await newCase(), {measure, reason});
  const appeal = async (by, params) => ({...params, appeal: (await by.must('appeal', {params, body: bodies.appeal})).id});
  const claimedByBoss = async () => {
    const params = await newCase();
    await world.boss.must('claimCase', {params});
    return params;
  };

  // What there is about the writer, and about the moderator herself: the latter is not there for her.
  async function furnish() {
    Object.assign(world.here, await appeal(world.writer, await decided(world.boss, 'warn')), await newCase());
    const affair = {case: await caseAbout('profile', (await world.moderator.must('getMe')).id)};
    Object.assign(world.hidden, await appeal(world.moderator, await decide(world.boss, affair, bodies.decideCase)));
  }

  const ask = (id, params) => world.moderator.call(id, {params, body: bodies[id]});
  const onOpen = (id) => () => ask(id, world.here);
  const on = (id, make) => async () => ask(id, await make());
  // The one that is closed, and the one that somebody else has.
  const inTheWay = (id) => async () => {
    assert.equal((await ask(id, await claimedByBoss())).status, 409, `${id} of what somebody else has`);
    return ask(id, await decided(world.moderator, 'dismiss'));
  };
  // Who is no moderator learns of nothing, not even that there are such lists.
  const staffOnly = (id) => async () => {
    const answer = await world.writer.call(id);
    assert.equal((await world.rival.call(id)).status, 404);
    return answer;
  };

  const own = {
    report: {
      201: async () => {
        for (const who of [world.visitor, world.rival]) {
          assert.equal((await who.call('report', {body: {kind: 'elsewhere', category: 'bullying', words: 'In the street.'}})).status, 201);
          for (const [kind, object] of [['chapter', world.here.chapter], ['comment', world.here.comment]]) {
            assert.equal((await who.call('report', {body: {...bodies.report, kind, object}})).status, 201, kind);
          }
        }
        return world.visitor.call('report', {body: {...bodies.report, object: world.here.work}});
      },
      404: async () => {
        const report = (body) => world.writer.call('report', {body: {...bodies.report, ...body}});
        const gone = await report({object: absent.work});
        for (const body of [{object: world.hidden.work}, {kind: 'chapter', object: world.hidden.chapter}, {kind: 'comment', object: world.hidden.comment}, {object: 'no id'}, {kind: 'lamp'}]) {
          assert.deepEqual(shape(await report(body)), shape(gone), JSON.stringify(body));
        }
        return gone;
      },
    },
    appeal: {
      201: async () => world.writer.call('appeal', {params: await decided(world.boss, 'hide'), body: bodies.appeal}),
      409: async () => {
        const lifted = await decided(world.moderator, 'hide');
        await world.moderator.must('liftDecision', {params: lifted, body: bodies.liftDecision});
        assert.equal((await world.writer.call('appeal', {params: lifted, body: bodies.appeal})).status, 409, 'what is over');
        return world.writer.call('appeal', {params: world.here, body: bodies.appeal});
      },
    },
    listNotices: {
      200: async () => {
        const told = await world.writer.all('listNotices', {limit: 1});
        assert.ok(told.some((one) => one.decision === world.here.decision && one.reason === reason && !one.may_appeal), 'decided, and appealed already');
        return world.writer.call('listNotices', {query: {limit: 1}});
      },
    },
    listCases: {
      200: async () => {
        for (const list of ['mine', 'proposed', 'closed']) await world.moderator.must('listCases', {query: {list}});
        return world.moderator.call('listCases', {query: {limit: 1}});
      },
      404: staffOnly('listCases'),
    },
    openCase: {200: onOpen('openCase')},
    claimCase: {204: onOpen('claimCase'), 409: inTheWay('claimCase')},
    releaseCase: {
      204: onOpen('releaseCase'),
      409: on('releaseCase', claimedByBoss),
    },
    addCaseNote: {204: onOpen('addCaseNote')},
    decideCase: {201: on('decideCase', newCase), 409: inTheWay('decideCase')},
    confirmDecision: {204: on('confirmDecision', () => decided(world.boss, 'remove')), 409: onOpen('confirmDecision')},
    refuseDecision: {204: on('refuseDecision', () => decided(world.boss, 'remove')), 409: onOpen('refuseDecision')},
    liftDecision: {204: on('liftDecision', () => decided(world.moderator, 'hide')), 409: onOpen('liftDecision')},
    listAppeals: {200: () => world.moderator.call('listAppeals', {query: {limit: 1}}), 404: staffOnly('listAppeals')},
    decideAppeal: {
      204: on('decideAppeal', async () => appeal(world.writer, await decided(world.boss, 'hide'))),
      409: async () => {
        const params = await appeal(world.writer, await decided(world.boss, 'hide'));
        await world.moderator.must('decideAppeal', {params, body: {state: 'overturned', answer: 'You are right.'}});
        return ask('decideAppeal', params);
      },
    },
  };
  return {bodies, own, furnish, askers: Object.fromEntries(asked.map((id) => [id, 'moderator']))};
}
