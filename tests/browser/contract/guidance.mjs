// How each answer about guidance is had.
import assert from 'node:assert/strict';

export function guidance(world) {
  const writer = (id) => () => world.writer.call(id, {params: world.here});
  const declined = async () => (await world.writer.must('listDeclined')).items.map(({work}) => work);
  const own = {
    getGuidance: {
      200: async () => {
        const answer = await world.writer.call('getGuidance');
        assert.ok(answer.body.items.every(({work, because}) => work !== world.here.work && because.length > 0));
        return answer;
      },
    },
    getNext: {
      200: async () => {
        const answer = await world.visitor.call('getNext', {params: world.here});
        assert.ok(answer.body.items.every(({work}) => work !== world.here.work));
        return answer;
      },
    },
    listDeclined: {200: writer('listDeclined')},
    declineWork: {
      204: async () => {
        const answer = await world.writer.call('declineWork', {params: world.here});
        assert.deepEqual(await declined(), [world.here.work]);
        assert.deepEqual((await world.rival.must('listDeclined')).items, []);
        return answer;
      },
    },
    takeBackDeclined: {
      204: async () => {
        await world.writer.must('declineWork', {params: world.here});
        const answer = await world.writer.call('takeBackDeclined', {params: world.here});
        assert.deepEqual(await declined(), []);
        return answer;
      },
    },
  };
  return {own};
}
