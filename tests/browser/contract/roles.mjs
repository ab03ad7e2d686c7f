// How each answer about roles is had. `boss` is an administrator: she sees and gives them all.
import assert from 'node:assert/strict';
import {shape} from '../support/api.mjs';

export function roles(world, absent) {
  const bodies = {grantRole: {role: 'learner', scope: 'site', last_day: '2999-12-31'}};
  const ask = (id, params = world.here, who = world.boss) => who.call(id, {params, body: bodies[id]});
  // For who may not, anybody is as absent as nobody.
  const notHers = (id) => async () => {
    const gone = await ask(id, absent);
    for (const who of [world.writer, world.moderator]) {
      for (const handle of [absent.handle, world.hidden.handle]) {
        assert.deepEqual(shape(await ask(id, {...absent, handle}, who)), shape(gone), `${id} of ${handle}`);
      }
    }
    return gone;
  };

  const own = {
    listRoles: {
      200: async () => {
        await world.boss.must('grantRole', {params: {handle: 'rival'}, body: {role: 'mentor'}});
        const answer = await ask('listRoles', {handle: 'rival'});
        assert.deepEqual(answer.body.items.map(({role, scope, last_day}) => [role, scope, last_day]), [['mentor', 'site', null]]);
        return answer;
      },
      404: notHers('listRoles'),
    },
    grantRole: {204: () => ask('grantRole'), 404: notHers('grantRole')},
    revokeRole: {
      204: async () => {
        await world.boss.must('grantRole', {params: world.here, body: bodies.grantRole});
        assert.equal((await world.boss.call('revokeRole', {params: world.here, query: {scope: 'site'}})).status, 204);
        return ask('revokeRole');  // of what is not held: it is not held afterwards
      },
      404: async () => {
        assert.equal((await ask('revokeRole', {...world.here, role: 'no role'})).status, 404);
        return notHers('revokeRole')();
      },
    },
  };
  return {bodies, own, askers: {listRoles: 'boss', grantRole: 'boss', revokeRole: 'boss'}};
}
