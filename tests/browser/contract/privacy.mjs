// How each answer about one's data is had: taking it along, ending the account, for oneself and for a child.
export function privacy(world, {site, sql, signIn, password}) {
  const bodies = {askErasure: {password}, askChildErasure: {password}};
  const call = (id, options = {}) => world.writer.call(id, {params: world.here, body: bodies[id], ...options});
  // One that is being made and never gets ready.
  const making = (id, child) => async () => {
    const whose = child ? `c.handle = 'ward'` : `c.handle = 'writer'`;
    sql(`INSERT INTO privacy_exports (id, person, asked_by, asked_at, ready_at, expires_at, file, size) SELECT ${child ? 91 : 92}, c.id, g.id, 1, 0, 9000000000000000, '', 0 FROM persons c, persons g WHERE ${whose} AND g.handle = 'writer'`);
    return call(id);
  };
  const asGuardian = () => {
    const {cookie, csrf} = world.members.writer;
    return world.visitor.call('askChildErasure', {params: world.here, body: bodies.askChildErasure, headers: {cookie, 'x-csrf-token': csrf, origin: site().url}});
  };
  // Somebody whom nobody else needs: her sessions end with it, her tokens do not.
  let leaving;
  const leave = async () => {
    leaving = await signIn('kid');
    const cookie = [...leaving.person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return world.visitor.call('askErasure', {body: bodies.askErasure, headers: {cookie, 'x-csrf-token': leaving.csrf, origin: site().url}});
  };
  const own = {
    listExports: {200: () => call('listExports')},
    listChildExports: {200: () => call('listChildExports')},
    askExport: {201: () => call('askExport'), 409: making('askExport', false)},
    askChildExport: {201: () => call('askChildExport'), 409: making('askChildExport', true)},
    askErasure: {201: leave},
    askChildErasure: {201: asGuardian},
    cancelErasure: {
      204: async () => {
        await leave();
        return world.visitor.with({token: leaving.token}).call('cancelErasure');
      },
    },
    cancelChildErasure: {
      204: async () => {
        await asGuardian();
        return call('cancelChildErasure');
      },
    },
    listRetention: {200: () => world.visitor.call('listRetention')},
  };
  return {bodies, own};
}
