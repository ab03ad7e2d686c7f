// How each answer about blocking and muting is had.
import assert from 'node:assert/strict';
import {shape} from '../support/api.mjs';

export function blocks(world, {sql}) {
  const bodies = {putBlock: {kind: 'mute'}};
  const params = {handle: 'moderator'};

  // Who has blocked her is not there for her, as nobody is.
  const blockedByBoss = (id) => async () => {
    const gone = await world.writer.call(id, {params: {handle: 'nobody-of-this-name'}, body: bodies[id]});
    await world.boss.must('putBlock', {params: {handle: 'writer'}, body: {kind: 'block'}});
    const answer = await world.writer.call(id, {params: {handle: 'boss'}, body: bodies[id]});
    await world.boss.must('deleteBlock', {params: {handle: 'writer'}});
    assert.deepEqual(shape(answer), shape(gone));
    return answer;
  };

  const own = {
    listBlocks: {
      200: async () => {
        await world.writer.must('putBlock', {params, body: {kind: 'block'}});
        const answer = await world.writer.call('listBlocks');
        assert.deepEqual(answer.body.items.map(({handle, kind}) => [handle, kind]), [['moderator', 'block']]);
        assert.deepEqual((await world.moderator.must('listBlocks')).items, []);
        await world.writer.must('deleteBlock', {params});
        return answer;
      },
    },
    putBlock: {
      204: async () => {
        assert.equal((await world.writer.call('putBlock', {params: {handle: 'writer'}, body: bodies.putBlock})).status, 403, 'herself');
        const answer = await world.writer.call('putBlock', {params, body: bodies.putBlock});
        await world.writer.must('deleteBlock', {params});
        return answer;
      },
      404: blockedByBoss('putBlock'),
      // Whose list is full.
      409: async () => {
        for (let from = 0; from < 1000; from += 100) {
          const rows = Array.from({length: 100}, (_, i) => `((SELECT id FROM persons WHERE handle = 'moderator'), ${Number(3e15) + from + i}, 'mute', 1)`);
          sql(`INSERT INTO blocks (person, other, kind, since) VALUES ${rows.join(',')}`);
        }
        const answer = await world.moderator.call('putBlock', {params: {handle: 'kid'}, body: bodies.putBlock});
        sql('DELETE FROM blocks WHERE since = 1');
        return answer;
      },
    },
    deleteBlock: {
      204: async () => {
        await world.writer.must('putBlock', {params, body: bodies.putBlock});
        return world.writer.call('deleteBlock', {params});
      },
      404: async () => {
        const gone = await world.writer.call('deleteBlock', {params: {handle: 'nobody-of-this-name'}});
        // Somebody for whom nothing is set.
        assert.deepEqual(shape(await world.writer.call('deleteBlock', {params: {handle: 'kid'}})), shape(gone));
        return blockedByBoss('deleteBlock')();
      },
    },
  };
  return {bodies, own};
}
