// The OpenAPI document is valid, and tells the truth in both directions: every route under /api is in it, every answer it names can be
// had from the running server and fits its schema, and no answer is had that it does not name.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import SwaggerParser from '@apidevtools/swagger-parser';
import {blocks} from './contract/blocks.mjs';
import {documents} from './contract/documents.mjs';
import {moderation} from './contract/moderation.mjs';
import {privacy} from './contract/privacy.mjs';
import {roles} from './contract/roles.mjs';
import {guidance} from './contract/guidance.mjs';
import {topics} from './contract/topics.mjs';
import {addPerson, Contract, Program, shape, sqlBeside, tokenFromThePage} from './support/api.mjs';
import {startPostgres} from './support/postgres.mjs';
import {binary, password, startSite} from './support/site.mjs';

const secret = {BRAID_SITE_SECRET: 'a secret that the two nodes of this test share'};
const absent = {work: '1c4gzk0e5m', chapter: '1c4gzk0e5n', comment: '1c4gzk0e5p', session: '1c4gzk0e5q', token: '1c4gzk0e5r', child: '1c4gzk0e5s', tie: '1c4gzk0e61', case: '1c4gzk0e5t', decision: '1c4gzk0e5v', appeal: '1c4gzk0e5w', topic: '1c4gzk0e5x', other: '1c4gzk0e5z', change: '1c4gzk0e60', tag: 'no such tag', interest: '1c4gzk0e5y', handle: 'nobody-here', role: 'learner', kind: 'nothing', revision: 1};
// What everybody may change, signed in or not: asking for help is never closed.
const open = ['report'];
const draft = {title: 'The stairs', text: 'He counted aloud.\n\nThe lamp went out.', base: 0};

for (const engine of ['sqlite', 'postgres']) {
  describe(`/api/v1 on ${engine}`, () => {
    let site, strict, postgres, document, contract, sql;
    const world = {};  // tokens, and the ids of things that are there
    before(async () => {
      postgres = engine === 'postgres' ? await startPostgres({fsync: false}) : undefined;
      if (postgres === null) return;
      const database = postgres?.create('contract');
      site = await startSite({demo: false, database, env: {...secret, BRAID_RATE_LIMITS: 'false'}});
      // A second node of the same site, where one request a minute is all an address has.
      strict = await startSite({demo: false, database, data: site.data,
        env: {...secret, BRAID_NODE: '1', BRAID_HTTP_PER_MINUTE: '1', BRAID_HTTP_TRUSTED_PROXIES: '127.0.0.1'}});
      document = await (await fetch(`${site.url}/api/v1/openapi.json`)).json();
      contract = new Contract(document);
      sql = sqlBeside(site, postgres, 'contract');
      const people = [['writer', '1990-01'], ['rival', '1985-01'], ['kid', '2011-01'], ['ward', '2017-01'], ['stranger', '2017-02'], ['moderator', '1980-01', 'moderator'], ['boss', '1979-01', 'administrator']];
      for (const person of people) addPerson(site, database, ...person);
      await furnish();
    });
    after(async () => {
      await strict?.stop();
      await site?.stop();
      postgres?.stop();
    });

    async function furnish() {
      const visitor = new Program(site, contract);
      world.visitor = visitor;
      world.members = {};
      for (const handle of ['writer', 'moderator', 'boss']) {
        world.members[handle] = await member(handle);
        world[handle] = world.members[handle].program;
      }
      world.rival = visitor.with({token: (await tokenFromThePage(site, 'rival')).token});
      world.here = await story(world.writer, 'everyone');
      for (const [id, child, guardian] of [[71, 'ward', 'writer'], [72, 'stranger', 'rival']]) {
        sql(`INSERT INTO consents (id, child, guardian, guardian_email, method, purpose, on_behalf, recorded_by, form, choices, given_at, withdrawn_at, ended_at, ended_why, next_stage_at) SELECT ${id}, c.id, g.id, '', 'account', 'everything', '', NULL, '', 31, 1, 0, 0, '', 9000000000000000 FROM persons c, persons g WHERE c.handle = '${child}' AND g.handle = '${guardian}'`);
      }
      const child = async (who) => (await who.must('listChildren')).items[0].id;
      world.here.child = await child(world.writer);
      const tieTo = async (who, child) => (await who.must('getChild', {params: {child}})).tie;
      world.here.tie = await tieTo(world.writer, world.here.child);
      world.hidden = {...await story(world.rival, 'me'), handle: 'kid', session: (await world.rival.must('listSessions')).items[0].id,
        token: (await world.rival.must('listTokens')).items[0].id, child: await child(world.rival)};
      world.hidden.tie = await tieTo(world.rival, world.hidden.child);
      Object.assign(world.here, {role: 'learner', kind: 'privacy'});
      Object.assign(world.hidden, {role: 'learner', kind: 'nothing-else'});
      await aboutModeration.furnish();
      await aboutTopics.furnish();
    }
    // Somebody with a good token, others that are not, and the session in which they were made.
    async function member(handle) {
      const {token, person, csrf} = await tokenFromThePage(site, handle);
      const program = world.visitor.with({token});
      const make = async (scopes, name) => program.must('createToken', {body: {name, scopes, days: 7}});
      const all = ['read', 'write', 'account'];
      const without = {};
      for (const scope of all) without[scope] = (await make(all.filter((one) => one !== scope), `no ${scope}`)).token;
      const expired = (await make(all, 'expired')).token;
      sql(`UPDATE api_tokens SET expires_at = 1 WHERE name = 'expired'`);
      const revoked = await make(all, 'revoked');
      await program.must('revokeToken', {params: {token: revoked.id}});
      const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      return {program, csrf, cookie, without, expired, revoked: revoked.token};
    }
    // A work with a published chapter and a comment of its author's.
    async function story(who, visibility) {
      const {work: {id: work}} = await who.must('createWork', {body: {title: 'The Lamp Room', visibility}});
      const {id: chapter, version} = await who.must('addChapter', {params: {work}});
      const params = {work, chapter};
      const saved = await who.must('saveDraft', {params, body: {...draft, base: version}});
      await who.must('publishChapter', {params, body: {base: saved.version}});
      const {paragraphs} = await who.must('getChapter', {params});
      const comment = await who.must('postComment', {params, body: {text: 'A lamp.', paragraph: paragraphs[0].key}});
      return {work, chapter, comment: comment.id, revision: 1, handle: 'writer', session: absent.session, token: absent.token, paragraph: paragraphs[0].key};
    }
    const version = async (params) => (await world.writer.must('getDraft', {params})).version;

    const aboutModeration = moderation(world, absent, story);
    const aboutPrivacy = privacy(world, {site: () => site, sql: (text) => sql(text), signIn: (handle) => tokenFromThePage(site, handle), password});
    const aboutRoles = roles(world, absent);
    const aboutDocuments = documents(world);
    const aboutBlocks = blocks(world, {sql: (text) => sql(text)});
    const aboutTopics = topics(world, {site: () => site, database: () => postgres?.url('contract'), sql: (text) => sql(text)});
    // Who asks, where it is not the writer.
    const askers = {...aboutModeration.askers, ...aboutRoles.askers, ...aboutDocuments.askers, ...aboutTopics.askers};
    const asker = (operation) => world.members[askers[operation.id] ?? 'writer'];

    // A body for each operation that takes one. With it a call is as it should be.
    const bodies = {
      updateMe: {bio: 'I write.'},
      createToken: {name: 'one more', scopes: ['read'], days: 7},
      createWork: {title: 'Another'},
      editWork: {summary: 'Of lamps.'},
      orderChapters: {chapters: [absent.chapter]},
      saveDraft: draft,
      publishChapter: {base: 1},
      postComment: {text: 'Who is he?'},
      editComment: {text: 'Who was he?'},
      putProgress: {percent: 40},
      chooseForChild: {publish: true, publish_openly: false, comment: true, be_listed: false, mentors: false},
      correctChild: {display_name: 'Ward', birth_year: 2017, birth_month: 1},
      inviteGuardian: {email: 'gran@example.org'},
      inviteMyGuardian: {email: 'aunt@example.org'},
      ...aboutModeration.bodies,
      ...aboutPrivacy.bodies,
      ...aboutRoles.bodies,
      ...aboutDocuments.bodies,
      ...aboutTopics.bodies,
      ...aboutBlocks.bodies,
    };

    // How each answer of each operation's own is had. Those that all have in common are in `common` below.
    const writer = (id, options) => () => world.writer.call(id, typeof options === 'function' ? options() : options);
    const onHers = (id) => () => world.writer.call(id, {params: world.here, body: bodies[id]});
    const onTheirs = (id, body) => () => world.rival.call(id, {params: world.here, body});
    const fresh = (id, body) => async () => {
      const params = await story(world.writer, 'everyone');
      return world.writer.call(id, {params, body: typeof body === 'function' ? await body(params) : body});
    };
    const own = {
      getDocument: {
        200: writer('getDocument'),
        304: async () => world.visitor.call('getDocument', {headers: {'if-none-match': (await world.visitor.call('getDocument')).headers.get('etag')}}),
      },
      getMe: {200: writer('getMe')},
      updateMe: {200: writer('updateMe', {body: bodies.updateMe})},
      getPerson: {200: writer('getPerson', {params: {handle: 'kid'}})},
      listSessions: {200: writer('listSessions')},
      getSecondStep: {200: writer('getSecondStep')},
      getProviderIdentity: {200: writer('getProviderIdentity')},
      endSession: {
        204: async () => {
          await tokenFromThePage(site, 'rival', ['read']);
          return world.rival.call('endSession', {params: {session: (await world.rival.must('listSessions')).items.find((one) => one.id !== world.hidden.session).id}});
        },
      },
      listTokens: {200: writer('listTokens')},
      createToken: {201: writer('createToken', {body: bodies.createToken})},
      revokeToken: {204: async () => world.writer.call('revokeToken', {params: {token: (await world.writer.must('createToken', {body: bodies.createToken})).id}})},
      listWorks: {200: writer('listWorks')},
      listMyWorks: {200: writer('listMyWorks')},
      createWork: {201: writer('createWork', {body: bodies.createWork})},
      getWork: {200: onHers('getWork')},
      editWork: {200: onHers('editWork')},
      deleteWork: {204: fresh('deleteWork')},
      listTags: {200: writer('listTags')},
      search: {
        200: async () => {
          for (const query of [{q: 'lamp tag:lamps rating:everyone'}, {tag: 'lamps', status: 'ongoing', language: 'en', rating: 'teen', by: 'writer'}, {q: 'minec', kind: 'topic'}, {}]) {
            const answer = await world.visitor.must('search', {query});
            assert.deepEqual(answer.counts.map(({kind}) => kind), ['work', 'chapter', 'topic', 'person']);
          }
          assert.ok((await world.visitor.must('search', {query: {q: 'minec', kind: 'topic'}})).aside.some(({kind, title}) => kind === 'topic' && title === 'Minecraft'));
          return world.writer.call('search', {query: {q: 'lamp'}});
        },
      },
      listChapters: {200: onHers('listChapters')},
      addChapter: {
        201: fresh('addChapter'),
        409: async () => {
          const params = await story(world.writer, 'me');
          await world.writer.must('editWork', {params, body: {title: 'A thousand chapters'}});
          const work = sql(`SELECT id FROM works WHERE title = 'A thousand chapters'`).trim();
          for (let place = 2; place <= 1000; place += 111) {
            const rows = Array.from({length: Math.min(111, 1001 - place)}, (_, i) => `(${Number(1e15) + place + i}, ${work}, ${place + i}, 0, 'x', 0, 0, 1, 1, 1, 1, 1, 0, 0)`);
            sql(`INSERT INTO chapters (id, work, place, number, title, words, revision, version, drafted, next_key, created_at, touched_at, published_at, revised_at) VALUES ${rows.join(',')}`);
          }
          return world.writer.call('addChapter', {params});
        },
      },
      orderChapters: {
        204: () => world.writer.call('orderChapters', {params: world.here, body: {chapters: [world.here.chapter]}}),
        409: onHers('orderChapters'),
      },
      getChapter: {200: onHers('getChapter')},
      deleteChapter: {204: fresh('deleteChapter')},
      getDraft: {200: onHers('getDraft')},
      saveDraft: {
        200: fresh('saveDraft', async (params) => ({...draft, text: 'Anew.', base: await version(params)})),
        409: () => world.writer.call('saveDraft', {params: world.here, body: {...draft, text: 'Somebody else wrote meanwhile.'}}),
      },
      publishChapter: {
        200: fresh('publishChapter', async (params) => ({base: await version(params)})),
        409: onHers('publishChapter'),
      },
      unpublishChapter: {204: fresh('unpublishChapter')},
      listRevisions: {200: onHers('listRevisions')},
      restoreRevision: {200: onHers('restoreRevision')},
      listComments: {200: onHers('listComments')},
      postComment: {
        201: onHers('postComment'),
        200: async () => {
          const said = {params: world.here, body: {text: 'Once.', token: 'once'}};
          await world.writer.must('postComment', said);
          return world.writer.call('postComment', said);
        },
      },
      getComment: {200: onHers('getComment')},
      editComment: {200: onHers('editComment')},
      deleteComment: {204: fresh('deleteComment')},
      hideComment: {204: fresh('hideComment')},
      showComment: {204: fresh('showComment')},
      giveKudos: {200: onTheirs('giveKudos')},
      withdrawKudos: {200: onTheirs('withdrawKudos')},
      addBookmark: {204: onTheirs('addBookmark')},
      removeBookmark: {204: onTheirs('removeBookmark')},
      listBookmarks: {200: writer('listBookmarks')},
      putProgress: {204: onTheirs('putProgress', bodies.putProgress)},
      listReading: {200: writer('listReading')},
      listFinished: {200: writer('listFinished')},
      listChildren: {200: writer('listChildren')},
      getChild: {200: onHers('getChild')},
      chooseForChild: {200: onHers('chooseForChild')},
      correctChild: {
        204: async () => {
          const year = new Date().getFullYear() + 1;
          const ahead = await world.writer.call('correctChild', {params: world.here, body: {...bodies.correctChild, birth_year: year}});
          assert.deepEqual(ahead.body.errors.map(({field}) => field), ['/birth_year']);
          return world.writer.call('correctChild', {params: world.here, body: bodies.correctChild});
        },
      },
      inviteGuardian: {
        204: async () => {
          const nowhere = await world.writer.call('inviteGuardian', {params: world.here, body: {email: 'nowhere'}});
          assert.deepEqual(nowhere.body.errors.map(({field}) => field), ['/email']);
          return world.writer.call('inviteGuardian', {params: world.here, body: bodies.inviteGuardian});
        },
      },
      withdrawConsent: {204: onHers('withdrawConsent')},
      giveConsentAgain: {204: onHers('giveConsentAgain')},
      getMyGuardians: {
        200: async () => {
          const kid = world.visitor.with({token: (await tokenFromThePage(site, 'kid')).token});
          assert.equal((await kid.must('getMyGuardians')).stage, 'company');
          return world.writer.call('getMyGuardians');
        },
      },
      inviteMyGuardian: {
        404: () => world.writer.call('inviteMyGuardian', {body: bodies.inviteMyGuardian}),  // of age: nobody guards her
        204: async () => {
          const kid = world.visitor.with({token: (await tokenFromThePage(site, 'kid')).token});
          const answer = await kid.call('inviteMyGuardian', {body: bodies.inviteMyGuardian});
          assert.deepEqual((await kid.must('getMyGuardians')).invited.map(({email}) => email), ['aunt@example.org']);
          return answer;
        },
      },
      endTie: {
        204: async () => {
          sql(`INSERT INTO consents (id, child, guardian, guardian_email, method, purpose, on_behalf, recorded_by, form, choices, given_at, withdrawn_at, ended_at, ended_why, next_stage_at) SELECT 73, c.id, g.id, '', 'account', 'everything', '', NULL, '', 31, 1, 0, 0, '', 9000000000000000 FROM persons c, persons g WHERE c.handle = 'stranger' AND g.handle = 'writer'`);
          const answer = await world.writer.call('endTie', {params: {tie: '29'}});  // 73
          assert.equal((await world.writer.call('endTie', {params: {tie: '29'}})).status, 404);
          return answer;
        },
      },
      ...aboutModeration.own,
      ...aboutPrivacy.own,
      ...aboutRoles.own,
      ...aboutDocuments.own,
      ...aboutTopics.own,
      ...aboutBlocks.own,
      ...guidance(world).own,
    };

    // The rest, for every operation that names it.
    const common = {
      async 400(operation) {
        let answer;
        for (const text of ['{', '', '{"title":1,"title":2}', '['.repeat(100), '{"a":1}x']) {
          answer = await asker(operation).program.call(operation.id, {params: world.here, text, headers: {'content-type': 'application/json'}});
          assert.equal(answer.status, 400, `${operation.id} ${text.slice(0, 30)} → ${answer.text}`);
        }
        return answer;
      },
      async 401(operation) {
        const call = {params: world.here, body: bodies[operation.id]};
        const {program, cookie, csrf, expired, revoked} = asker(operation);
        const ways = [
          ...(operation.signedIn ? [{}] : []), {authorization: `Bearer ${expired}`}, {authorization: `Bearer ${revoked}`},
          {authorization: 'Bearer'}, {authorization: 'Bearer x'}, {authorization: 'Basic d3JpdGVyOng='}, {authorization: `Bearer ${program.token}x`},
          // Never by the cookie, though it is good.
          {authorization: `Bearer ${expired}`, cookie}, {authorization: 'Bearer', cookie}, {authorization: 'Basic x', cookie, 'x-csrf-token': csrf},
        ];
        let answer;
        for (const headers of ways) {
          answer = await world.visitor.call(operation.id, {...call, headers});
          assert.equal(answer.status, 401, `${operation.id} ${JSON.stringify(headers)} → ${answer.text}`);
        }
        return answer;
      },
      async 403(operation) {
        const {cookie, csrf, without} = asker(operation);
        const answer = await world.visitor.with({token: without[operation.scope]}).call(operation.id, {params: world.here, body: bodies[operation.id]});
        assert.equal(answer.body.code, 'forbidden');
        if (operation.method === 'get') return answer;
        // With the cookie alone, from our own pages or from elsewhere: the token of forms is needed.
        for (const headers of [{cookie}, {cookie, 'x-csrf-token': 'x'}, {cookie, 'x-csrf-token': csrf, origin: 'https://evil.example'}]) {
          const refused = await world.visitor.call(operation.id, {params: absent, body: bodies[operation.id], headers});
          assert.equal(refused.status, 403, `${operation.id} ${JSON.stringify(Object.keys(headers))} → ${refused.text}`);
        }
        const passed = await world.visitor.call(operation.id, {params: absent, query: {nonsense: '1'}, body: bodies[operation.id], headers: {cookie, 'x-csrf-token': csrf, origin: site.url}});
        assert.equal(passed.status, 422, `${operation.id} by cookie and form token`);
        return answer;
      },
      // What is there and not hers looks like what is not there.
      async 404(operation) {
        const who = operation.id === 'getPerson' ? world.visitor : asker(operation).program;
        const ask = async (params) => who.call(operation.id, {params, body: bodies[operation.id]});
        if (['removeBookmark', 'takeBackDeclined'].includes(operation.id)) {  // of anything, seen or not: it is gone afterwards
          assert.equal((await ask(absent)).status, 204);
          assert.equal((await ask(world.hidden)).status, 204);
          return ask({work: 'no id'});
        }
        const gone = await ask(absent);
        assert.deepEqual(shape(await ask(world.hidden)), shape(gone));
        // Nor is anything there for who may not ask at all.
        if (who !== world.writer && who !== world.visitor) {
          assert.deepEqual(shape(await world.writer.call(operation.id, {params: world.here, body: bodies[operation.id]})), shape(gone));
        }
        // Nor does another's chapter come through one's own work.
        if (operation.inPath.includes('chapter')) {
          assert.deepEqual(shape(await ask({...world.here, chapter: world.hidden.chapter})), shape(gone));
        }
        if (operation.inPath.some((name) => name !== 'handle')) assert.equal((await ask({...absent, work: 'no id', comment: 'no id', session: '!', token: 'no id', case: 'no id', decision: 'no id', appeal: 'no id', topic: 'no id', other: 'no id', change: 'no id', interest: 'no id'})).status, 404);
        return gone;
      },
      413: (operation) => asker(operation).program.call(operation.id, {params: world.here, text: JSON.stringify({text: 'a'.repeat((2 << 20) + 1)})}),
      async 415(operation) {
        for (const type of ['text/plain', 'text/json', 'application/json5']) {
          assert.equal((await asker(operation).program.call(operation.id, {params: world.here, body: bodies[operation.id], headers: {'content-type': type}})).status, 415, type);
        }
        // What a form elsewhere could send is refused too.
        return asker(operation).program.call(operation.id, {params: world.here, text: 'title=x', headers: {'content-type': 'application/x-www-form-urlencoded'}});
      },
      async 422(operation) {
        const sample = bodies[operation.id];
        const refused = async (call, field) => {
          const answer = await asker(operation).program.call(operation.id, {params: world.here, body: sample, ...call});
          assert.equal(answer.status, 422, `${operation.id} ${field}: ${answer.status} ${answer.text}`);
          assert.ok(answer.body.errors.some((error) => error.field === field), `${operation.id} names ${field}: ${answer.text}`);
          return answer;
        };
        const answer = await refused({query: {nonsense: '1'}}, 'nonsense');
        for (const {name, schema} of operation.parameters.filter((parameter) => parameter.in === 'query')) {
          if (schema.maxLength) await refused({query: {[name]: 'a'.repeat(schema.maxLength + 1)}}, name);
          if (schema.type === 'integer') for (const bad of [schema.maximum + 1, schema.minimum - 1, 'x', '1e1', '']) await refused({query: {[name]: bad}}, name);
          if (schema.pattern) await refused({query: {[name]: 'no id'}}, name);
          if (schema.enum) await refused({query: {[name]: 'nonsense'}}, name);
          if (name === 'after') await refused({query: {after: 'nonsense!'}}, 'after');
        }
        if (!sample) return answer;
        await refused({body: {...sample, nonsense: 1}}, '/nonsense');
        const schema = operation.bodySchema();
        for (const [name, said] of Object.entries(schema.properties)) {
          const limits = said.anyOf ? {...said, ...said.anyOf.find((one) => one.type !== 'null')} : said;
          const wrong = async (value) => refused({body: {...sample, [name]: value}}, `/${name}`);
          await wrong({});
          if (limits.type === 'string') await wrong(1);
          if (limits.type === 'integer') for (const bad of ['1', 1.5, 1e300]) await wrong(bad);
          if (limits.maxLength) await wrong('a'.repeat(limits.maxLength + 1));
          if (limits.minLength) await wrong('');
          if (limits.maximum !== undefined) await wrong(limits.maximum + 1);
          if (limits.minimum !== undefined) await wrong(limits.minimum - 1);
          if (limits.enum) await wrong('nonsense');
          if (limits.maxItems && limits.maxItems < 1000) await wrong(Array(limits.maxItems + 1).fill(limits.items.enum?.[0] ?? 'read'));
          if (schema.required?.includes(name)) {
            const {[name]: _, ...rest} = sample;
            await refused({body: rest}, `/${name}`);
          }
        }
        for (const notAnObject of [[], 'x', null, 1]) {
          assert.equal((await asker(operation).program.call(operation.id, {params: world.here, body: notAnObject})).status, 422);
        }
        return answer;
      },
      async 429(operation) {
        const caller = asker(operation).program.with({site: strict, headers: {'x-forwarded-for': `192.0.2.${[...contract.operations.keys()].indexOf(operation.id)}`}});
        const call = {params: absent, body: bodies[operation.id]};
        assert.notEqual((await caller.call(operation.id, call)).status, 429);
        return caller.call(operation.id, call);
      },
    };

    const skipped = (t) => postgres === null && t.skip('PostgreSQL is not installed');

    test('the document is valid OpenAPI 3.1', async (t) => {
      if (skipped(t)) return;
      assert.match(document.openapi, /^3\.1\./);
      await SwaggerParser.validate(structuredClone(document));
    });

    test('every API route is documented and every documented operation is routed', (t) => {
      if (skipped(t)) return;
      const {stdout} = spawnSync(binary, ['routes', '--data', site.data], {encoding: 'utf8'});
      const routed = stdout.split('\n').map((line) => line.trim().split(/\s+/)).filter(([, pattern]) => pattern?.startsWith('/api/'))
        .map(([method, pattern]) => `${method.toLowerCase()} ${pattern.replace(/\{(\w+):\w+\}/g, '{$1}')}`);
      assert.ok(routed.length > 30);
      assert.deepEqual([...contract.operations.values()].map(({method, path}) => `${method} ${path}`).sort(), routed.sort());
    });

    test('what everybody may ask says so, and everything else names the scope of its token', (t) => {
      if (skipped(t)) return;
      for (const operation of contract.operations.values()) {
        assert.match(operation.scope, /^(read|write|account)$/, operation.id);
        if (operation.method !== 'get') assert.ok((operation.signedIn || open.includes(operation.id)) && operation.scope !== 'read', `${operation.id} changes things`);
        if (open.includes(operation.id)) assert.ok(!operation.signedIn && operation.method !== 'get', `${operation.id} is open to everybody, and says so`);
      }
    });

    test('every documented answer is had, and fits what is documented', async (t) => {
      if (skipped(t)) return;
      const missing = [];
      for (const operation of contract.operations.values()) {
        await t.test(`${operation.id}: ${operation.statuses.join(' ')}`, async () => {
          for (const status of operation.statuses) {
            if (status === 503) continue;  // the test below, where the database can be taken away
            const provoke = own[operation.id]?.[status] ?? common[status];
            if (!provoke) {
              missing.push(`${operation.id} ${status}`);
              continue;
            }
            const answer = await provoke(operation);
            assert.equal(answer.status, status, `${operation.id} → ${answer.status} ${answer.text.slice(0, 300)}`);
          }
        });
      }
      assert.deepEqual(missing, [], 'nothing provokes these answers: add how, or do not document them');
      const undocumented = Object.entries(own).flatMap(([id, statuses]) => Object.keys(statuses).map((status) => [id, Number(status)]))
        .filter(([id, status]) => !contract.operations.get(id)?.statuses.includes(status));
      assert.deepEqual(undocumented, [], 'the table names answers that are not documented');
    });

    test('HEAD answers as GET does, without a body, and no method or origin gets more than is documented', async (t) => {
      if (skipped(t)) return;
      const head = await fetch(`${site.url}/api/v1/works`, {method: 'HEAD'});
      assert.equal(head.status, 200);
      assert.equal(await head.text(), '');
      const preflight = await fetch(`${site.url}/api/v1/works`, {method: 'OPTIONS', headers: {origin: 'https://elsewhere.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization'}});
      assert.ok(![...preflight.headers.keys()].some((name) => name.startsWith('access-control-')), 'CORS is absent by design');
      const wrong = await fetch(`${site.url}/api/v1/works`, {method: 'DELETE', headers: {authorization: `Bearer ${world.writer.token}`}});
      assert.equal(wrong.status, 405);
      assert.match(wrong.headers.get('allow'), /GET/);
      const nowhere = await fetch(`${site.url}/api/v1/nowhere`);
      assert.equal(nowhere.status, 404);
      assert.equal(nowhere.headers.get('content-type'), 'application/problem+json');
      assert.match((await fetch(`${site.url}/api/v1/works`)).headers.get('cache-control'), /no-store/);
    });

    // Last: nothing works afterwards.
    test('503, and when to try again, where the database is away', async (t) => {
      if (skipped(t)) return;
      for (const operation of contract.operations.values()) {
        assert.ok(operation.statuses.includes(503), operation.id);
        assert.ok(operation.response(503).headers['Retry-After'], operation.id);
      }
      if (!postgres) return t.diagnostic('documented for every operation; had on PostgreSQL');
      postgres.stop();
      postgres.stop = () => {};
      for (const operation of contract.operations.values()) {
        const answer = await asker(operation).program.call(operation.id, {params: world.here, body: bodies[operation.id]});
        assert.equal(answer.status, 503, `${operation.id} → ${answer.text}`);
        assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/, operation.id);
      }
    });
  });
}
