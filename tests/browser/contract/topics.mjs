// How each answer about topics and interests is had, on the vocabulary a site begins with.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {shape} from '../support/api.mjs';
import {binary, root} from '../support/site.mjs';

export function topics(world, {site, database, sql}) {
  const bodies = {
    addInterest: {typed: 'hp fanfic'}, changeInterest: {shown: 'signed_in', strength: 2},
    setTagMeaning: {topics: []}, mergeTopic: {into: '1c4gzk0e5z'}, splitTopic: {name: 'Split off', labels: []},
  };
  const named = async (q) => (await world.visitor.must('findTopics', {query: {q, whole: '1'}})).items[0]?.topic;

  async function furnish() {
    execFileSync(binary, ['topics', 'import', join(root, 'demo/topics.ttl'), '--data', site().data, ...(database() ? ['--database', database()] : [])],
      {env: {...process.env, BRAID_DEVELOPMENT: 'true', BRAID_SITE_SECRET: 'a secret that the two nodes of this test share'}});
    // The running nodes notice by themselves.
    for (let tries = 0; !(await named('Minecraft')); ++tries) {
      assert.ok(tries < 200, 'the site never saw the vocabulary');
      await new Promise((done) => setTimeout(done, 50));
    }
    world.here.topic = await named('Minecraft');
    world.here.interest = (await world.writer.must('addInterest', {body: {typed: 'chess'}})).interest;
    world.hidden.interest = (await world.rival.must('addInterest', {body: {typed: 'knitting'}})).interest;
    world.hidden.topic = '1c4gzk0e5z';
    Object.assign(world.here, {other: await named('music'), tag: 'lamps of old'});
    Object.assign(world.hidden, {other: '1c4gzk0e5z', change: '1c4gzk0e5z', tag: 'lamps of old'});
    await world.moderator.must('setTagMeaning', {params: world.here, body: {topics: []}});
    world.here.change = (await world.moderator.must('listTopicChanges')).items[0].change;
  }
  const writer = (id, options) => () => world.writer.call(id, options?.() ?? {params: world.here, body: bodies[id]});
  // Whose list is full.
  const full = (ask) => async () => {
    const rows = Array.from({length: 200}, (_, i) => `(${Number(2e15) + i}, (SELECT id FROM persons WHERE handle = 'moderator'), 'full ${i}', 'full ${i}', 0, 'me', 'typed', 1)`);
    sql(`INSERT INTO interests (id, person, folded, typed, topic, shown, origin, made_at) VALUES ${rows.join(',')}`);
    const answer = await ask();
    sql(`DELETE FROM interests WHERE folded LIKE 'full %'`);
    return answer;
  };

  const own = {
    findTopics: {
      200: async () => {
        const labels = async (query) => (await world.visitor.must('findTopics', {query})).items.map(({label, reason}) => [label, reason]);
        assert.deepEqual(await labels({q: '1D', whole: '1'}), [['One Direction', 'alias']]);
        assert.deepEqual((await labels({q: 'minecarft', whole: '1'}))[0], ['Minecraft', 'spelling']);
        assert.deepEqual((await labels({q: 'futbol', whole: '1', language: 'es'}))[0], ['Fútbol', 'exact']);
        assert.equal((await labels({q: 'john', whole: '1'})).length, 2);
        assert.deepEqual(await labels({}), []);
        return world.writer.call('findTopics', {query: {q: 'minec'}});
      },
    },
    getTopic: {200: writer('getTopic')},
    listTopicWorks: {200: writer('listTopicWorks')},
    followTopic: {
      204: async () => {
        const answer = await world.writer.call('followTopic', {params: world.here});
        assert.equal((await world.writer.must('getTopic', {params: world.here})).followed, true);
        assert.equal((await world.rival.must('getTopic', {params: world.here})).followed, false);
        return answer;
      },
      409: full(() => world.moderator.call('followTopic', {params: world.here})),
    },
    unfollowTopic: {
      204: async () => {
        await world.writer.call('unfollowTopic', {params: world.here});
        assert.equal((await world.writer.must('getTopic', {params: world.here})).followed, false);
        return world.writer.call('unfollowTopic', {params: world.here});
      },
    },
    listInterests: {200: writer('listInterests')},
    addInterest: {
      200: async () => {
        assert.equal((await world.writer.must('addInterest', {body: {typed: 'sourdough'}})).outcome, 'unknown');
        const asked = await world.writer.must('addInterest', {body: {typed: 'John'}});
        assert.deepEqual([asked.outcome, asked.interest], ['ambiguous', null]);
        const said = await world.writer.must('addInterest', {body: {typed: 'John', topic: asked.candidates[1].topic}});
        assert.equal(said.outcome, 'resolved');
        assert.equal((await world.writer.must('addInterest', {body: {typed: 'John Paul', as_typed: true}})).outcome, 'unknown');
        return world.writer.call('addInterest', {body: bodies.addInterest});
      },
      404: () => world.writer.call('addInterest', {body: {typed: 'what', topic: world.hidden.topic}}),
      409: full(() => world.moderator.call('addInterest', {body: bodies.addInterest})),
    },
    changeInterest: {204: writer('changeInterest')},
    removeInterest: {
      204: async () => {
        const {interest} = await world.writer.must('addInterest', {body: {typed: 'origami'}});
        return world.writer.call('removeInterest', {params: {interest}});
      },
    },
  };
  // What moderators do. To everybody else none of it is there.
  const wrangle = (id, {params = world.here, body = bodies[id]} = {}) => world.moderator.call(id, {params, body});
  const staffOnly = (id) => async () => {
    const asked = {params: world.here, body: bodies[id]};
    const gone = await world.writer.call(id, asked);
    assert.deepEqual(shape(await world.rival.call(id, asked)), shape(gone));
    return gone;
  };
  const latest = async () => ({change: (await world.moderator.must('listTopicChanges')).items[0].change});
  Object.assign(own, {
    listOpenTags: {200: () => wrangle('listOpenTags'), 404: staffOnly('listOpenTags')},
    setTagMeaning: {
      204: async () => {
        const answer = await wrangle('setTagMeaning', {body: {topics: [world.here.topic, world.here.other]}});
        const [change] = (await world.moderator.must('listTopicChanges')).items;
        assert.deepEqual([change.kind, change.tag, change.topic, change.other], ['link', world.here.tag, world.here.topic, world.here.other]);
        await world.moderator.must('undoTopicChange', {params: {change: change.change}});
        return answer;
      },
      404: async () => {
        const gone = await wrangle('setTagMeaning', {body: {topics: [world.hidden.topic]}});
        assert.deepEqual(shape(await staffOnly('setTagMeaning')()), shape(gone));
        return gone;
      },
    },
    listTopicChanges: {200: () => wrangle('listTopicChanges'), 404: staffOnly('listTopicChanges')},
    undoTopicChange: {
      204: async () => {
        await wrangle('setTagMeaning');
        return wrangle('undoTopicChange', {params: await latest()});
      },
      409: async () => {
        await wrangle('setTagMeaning');
        const params = await latest();
        await wrangle('undoTopicChange', {params});
        return wrangle('undoTopicChange', {params});
      },
    },
    mergeTopic: {
      204: async () => {
        const {topic} = await world.moderator.must('splitTopic', {params: world.here, body: {name: 'For a while', labels: []}});
        const answer = await wrangle('mergeTopic', {params: {topic}, body: {into: world.here.topic}});
        assert.equal((await world.visitor.must('getTopic', {params: {topic}})).topic, world.here.topic);
        return answer;
      },
      409: () => wrangle('mergeTopic', {body: {into: world.here.topic}}),
    },
    splitTopic: {201: () => wrangle('splitTopic')},
    putTopicBelow: {
      204: () => wrangle('putTopicBelow'),
      409: () => wrangle('putTopicBelow', {params: {topic: world.here.other, other: world.here.other}}),
    },
  });
  const askers = Object.fromEntries(['listOpenTags', 'setTagMeaning', 'listTopicChanges', 'undoTopicChange', 'mergeTopic', 'splitTopic', 'putTopicBelow'].map((id) => [id, 'moderator']));
  return {bodies, own, furnish, askers};
}
