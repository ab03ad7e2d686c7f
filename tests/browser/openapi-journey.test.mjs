// What people do, done by programs alone: a story from its first draft to its end, and who gets to see what. Every answer has fitted the
// OpenAPI document.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {addPerson, Contract, Program, tokenFromThePage} from './support/api.mjs';
import {startPostgres} from './support/postgres.mjs';
import {root, startSite} from './support/site.mjs';

// Who looks on, with what each may see of a work that is out.
const rank = {everyone: 0, teen: 1, mature: 2};
const lookers = {
  visitor: {ceiling: 0, signedIn: false},
  child: {ceiling: 0, signedIn: true, born: `${new Date().getFullYear() - 9}-01`},
  teen: {ceiling: 1, signedIn: true, born: `${new Date().getFullYear() - 15}-01`},
  adult: {ceiling: 2, signedIn: true, born: '1985-01'},
};

for (const engine of ['sqlite', 'postgres']) {
  describe(`by programs alone, on ${engine}`, () => {
    let site, postgres;
    const people = {};
    before(async () => {
      postgres = engine === 'postgres' ? await startPostgres({fsync: false}) : undefined;
      if (postgres === null) return;
      const database = postgres?.create('journey');
      site = await startSite({demo: false, database, env: {BRAID_RATE_LIMITS: 'false'}});
      const contract = new Contract(await (await fetch(`${site.url}/api/v1/openapi.json`)).json());
      people.visitor = new Program(site, contract);
      for (const [handle, born] of [['author', '1980-01'], ...Object.entries(lookers).filter(([, one]) => one.born).map(([name, one]) => [name, one.born])]) {
        addPerson(site, database, handle, born);
        people[handle] = people.visitor.with({token: (await tokenFromThePage(site, handle)).token});
      }
    });
    after(async () => {
      await site?.stop();
      postgres?.stop();
    });
    const skipped = (t) => postgres === null && t.skip('PostgreSQL is not installed');

    async function chapter(who, work, text, publish = true) {
      const {id, version} = await who.must('addChapter', {params: {work}});
      const params = {work, chapter: id};
      const saved = await who.must('saveDraft', {params, body: {title: 'A chapter', text, base: version}});
      if (publish) await who.must('publishChapter', {params, body: {base: saved.version}});
      return params;
    }
    async function work(who, body, text = 'He counted aloud.\n\nThe lamp went out.', publish = true) {
      const made = await who.must('createWork', {body});
      return chapter(who, made.work.id, text, publish);
    }

    test('a story is written, published, read, answered, taken back and deleted', async (t) => {
      if (skipped(t)) return;
      const {author, teen, adult, visitor} = people;
      const status = async (who, id, options) => (await who.call(id, options)).status;

      // Abi's shelf is empty; she begins a work that nobody else sees yet.
      assert.deepEqual((await author.must('listMyWorks')).items, []);
      const made = await author.call('createWork', {body: {title: 'The Lamp Room', summary: 'Of *lamps*.', tags: ['Ghost Stories', 'sea'], visibility: 'everyone', licence: 'cc_by'}});
      assert.equal(made.status, 201);
      const {work: {id}} = made.body;
      assert.equal(made.headers.get('location'), `/api/v1/works/${id}`);
      assert.match(made.body.summary_html, /<em>lamps<\/em>/);
      assert.equal(await status(adult, 'getWork', {params: {work: id}}), 404);

      // A first chapter, drafted twice; a second window is told that the draft moved on, and its text is kept.
      const begun = await author.call('addChapter', {params: {work: id}});
      const params = {work: id, chapter: begun.body.id};
      assert.equal(begun.headers.get('location'), `/api/v1/works/${id}/chapters/${params.chapter}`);
      const first = await author.must('saveDraft', {params, body: {title: 'Stairs', text: 'He counted.', base: begun.body.version}});
      assert.equal(await status(author, 'saveDraft', {params, body: {title: 'Stairs', text: 'She counted.', base: begun.body.version, editor: 'other'}}), 409);
      const written = await author.must('getDraft', {params});
      assert.deepEqual([written.text, written.version, written.copies], ['He counted.', first.version, 1]);
      assert.equal(await status(adult, 'getDraft', {params}), 404);
      assert.equal(await status(adult, 'getChapter', {params}), 404);
      const second = await author.must('saveDraft', {params, body: {title: 'Stairs', text: 'He counted *aloud*.\n\nThe lamp went out.\n\n<script>alert(1)</script>', base: first.version}});
      assert.equal(await status(author, 'publishChapter', {params, body: {base: first.version}}), 409);
      assert.deepEqual(await author.must('publishChapter', {params, body: {base: second.version}}), {number: 1, revision: 1, visibility: 'everyone'});

      // It is found and read, by visitors too.
      assert.ok((await visitor.must('listWorks')).items.some((one) => one.id === id));
      assert.ok((await visitor.must('listWorks', {query: {tag: 'ghost stories'}})).items.some((one) => one.id === id));
      assert.equal((await visitor.must('listTags')).tags.find((tag) => tag.label === 'Ghost Stories').works, 1);
      assert.deepEqual((await visitor.must('listChapters', {params})).chapters.map((one) => [one.number, one.title]), [[1, 'Stairs']]);
      const read = await visitor.must('getChapter', {params});
      assert.match(read.paragraphs[0].html, /<em>aloud<\/em>/);
      assert.ok(!JSON.stringify(read).includes('<script'));
      const [{key}] = read.paragraphs;

      // A comment on a paragraph: sent twice with its token it is said once; elsewhere or in other words it is another.
      const said = {params, body: {text: 'Could he lose count?', paragraph: key, token: 't1'}};
      const posted = await teen.call('postComment', said);
      assert.equal(posted.status, 201);
      const again = await teen.call('postComment', said);
      assert.deepEqual([again.status, again.body.id], [200, posted.body.id]);
      const elsewhere = await teen.call('postComment', {params, body: {text: 'Could he lose count?', token: 't1'}});
      assert.equal(elsewhere.status, 201);
      assert.notEqual(elsewhere.body.id, posted.body.id);
      assert.equal(await status(teen, 'deleteComment', {params: {comment: elsewhere.body.id}}), 204);
      assert.equal((await adult.call('postComment', {params, body: {text: 'Could he lose count?', paragraph: key, token: 't1'}})).status, 201, 'tokens are of one person');
      const comment = {comment: posted.body.id};

      // A reply, an edit; the author hides it and shows it again.
      const reply = await author.must('postComment', {params, body: {text: 'Once.', reply_to: posted.body.id}});
      assert.deepEqual([reply.thread, reply.paragraph], [posted.body.id, key]);
      assert.equal((await teen.must('editComment', {params: comment, body: {text: 'Could he *ever* lose count?'}})).edited_at !== null, true);
      assert.equal(await status(adult, 'editComment', {params: comment, body: {text: 'Mine.'}}), 404);
      const thread = async (who) => (await who.must('listComments', {params, query: {paragraph: key}})).items.find((one) => one.begin.id === posted.body.id);
      assert.match((await thread(visitor)).begin.html, /<em>ever<\/em>/);
      assert.equal((await thread(visitor)).replies.length, 1);
      assert.equal(await status(teen, 'hideComment', {params: comment}), 404, 'the work is not hers');
      await author.must('hideComment', {params: comment});
      assert.equal(await status(visitor, 'getComment', {params: comment}), 404);
      assert.equal((await thread(visitor)).begin.text, '');
      assert.equal((await teen.must('getComment', {params: comment})).state, 'hidden');
      await author.must('showComment', {params: comment});
      assert.equal(await status(visitor, 'getComment', {params: comment}), 200);

      // Kudos, a bookmark, a place kept: each twice is once.
      for (let i = 0; i < 2; ++i) {
        assert.deepEqual(await teen.must('giveKudos', {params}), {kudos: 1, given: true});
        await teen.must('addBookmark', {params});
        await teen.must('putProgress', {params, body: {percent: 40, paragraph: key}});
      }
      assert.equal(await status(author, 'giveKudos', {params}), 403);
      assert.deepEqual(await teen.must('withdrawKudos', {params}), {kudos: 0, given: false});
      assert.deepEqual((await teen.must('listBookmarks')).items.map((one) => one.work), [id]);
      assert.deepEqual((await teen.must('listReading')).works.map((one) => [one.work, one.chapter, one.percent, one.paragraph]), [[id, params.chapter, 40, key]]);
      await teen.must('putProgress', {params, body: {percent: 100}});
      assert.deepEqual((await teen.must('listFinished')).items.map((one) => one.work), [id]);

      // A second chapter and a revision; paragraphs that stay keep their keys. The order is changed.
      const next = await chapter(author, id, 'Fog.');
      const {version} = await author.must('getDraft', {params});
      const revised = await author.must('saveDraft', {params, body: {title: 'Stairs', text: 'He counted *aloud*.\n\nThe lamp went on.', base: version}});
      assert.equal((await author.must('publishChapter', {params, body: {base: revised.version}})).revision, 2);
      assert.equal((await visitor.must('getChapter', {params})).paragraphs[0].key, key);
      assert.deepEqual((await author.must('listRevisions', {params})).items.map((one) => one.revision), [2, 1]);
      assert.equal(await status(adult, 'listRevisions', {params}), 404);
      await author.must('restoreRevision', {params: {...params, revision: 1}});
      assert.match((await author.must('getDraft', {params})).text, /went out/);
      await author.must('orderChapters', {params, body: {chapters: [next.chapter, params.chapter]}});
      assert.deepEqual((await visitor.must('listChapters', {params})).chapters.map((one) => one.id), [next.chapter, params.chapter]);
      assert.equal(await status(author, 'orderChapters', {params, body: {chapters: [next.chapter, next.chapter]}}), 409);

      // Taken back, it is a draft that only she sees, with all that was said on it.
      await author.must('unpublishChapter', {params});
      for (const who of [visitor, teen, adult]) {
        assert.equal(await status(who, 'getChapter', {params}), 404);
        assert.equal(await status(who, 'listComments', {params}), 404);
        assert.equal(await status(who, 'getComment', {params: comment}), 404);
        assert.deepEqual((await who.must('listChapters', {params})).chapters.map((one) => one.id), [next.chapter]);
      }
      assert.equal(await status(teen, 'postComment', {params, body: {text: 'Where is it?'}}), 404);
      assert.equal(await status(teen, 'putProgress', {params, body: {percent: 50}}), 404);
      assert.equal((await author.must('listChapters', {params})).chapters.find((one) => one.id === params.chapter).number, null);

      // Deleted, it is gone everywhere.
      assert.equal(await status(adult, 'deleteWork', {params}), 403);
      await author.must('deleteWork', {params});
      assert.equal(await status(author, 'getWork', {params}), 404);
      assert.deepEqual((await author.must('listMyWorks')).items, []);
      assert.deepEqual((await teen.must('listBookmarks')).items, []);
      assert.deepEqual((await teen.must('listFinished')).items, []);
      assert.deepEqual((await teen.must('listReading')).works, []);
      assert.ok(!(await visitor.must('listTags')).tags.some((tag) => tag.label === 'Ghost Stories'));
      assert.equal(await status(teen, 'getComment', {params: comment}), 404);
    });

    test('lists come whole, in order and without repeats while others add to them', async (t) => {
      if (skipped(t)) return;
      const {author, adult, visitor} = people;
      const tag = 'a long shelf';
      const ids = [];
      for (let i = 0; i < 13; ++i) ids.push((await work(author, {title: `Work ${i}`, tags: [tag], visibility: 'everyone'})).work);
      const newest = [...ids].reverse();
      assert.deepEqual((await visitor.all('listWorks', {query: {tag}, limit: 3})).map((one) => one.id), newest);
      // Between two pages a work comes, and one goes.
      const page = await visitor.must('listWorks', {query: {tag, limit: 5}});
      await work(author, {title: 'Late', tags: [tag], visibility: 'everyone'});
      await author.must('deleteWork', {params: {work: newest[7]}});
      const seen = page.items.map((one) => one.id);
      for (let after = page.next; after !== null;) {
        const answer = await visitor.call('listWorks', {query: {tag, limit: 5, after}});
        seen.push(...answer.body.items.map((one) => one.id));
        after = answer.body.next;
        const link = answer.headers.get('link');
        assert.equal(link === null, after === null);
        if (link) assert.equal(new URL(link.match(/<([^>]+)>/)[1], site.url).searchParams.get('after'), after);
      }
      assert.deepEqual(seen, newest.filter((id) => id !== newest[7]));
      assert.deepEqual(new Set((await author.all('listMyWorks', {limit: 4})).map((one) => one.id)).size, 13);

      const params = await work(author, {title: 'Much said', visibility: 'everyone'});
      const said = [];
      for (let i = 0; i < 11; ++i) said.push((await adult.must('postComment', {params, body: {text: `Word ${i}`}})).id);
      const order = (await visitor.all('listComments', {params, limit: 4})).map((one) => one.begin.id);
      assert.deepEqual(order, [...said].reverse());
      assert.deepEqual((await visitor.all('listComments', {params, query: {on: 'chapter'}, limit: 4})).map((one) => one.begin.id), said);
      const begin = await visitor.must('listComments', {params, query: {limit: 4}});
      await adult.must('postComment', {params, body: {text: 'Later'}});
      const rest = await visitor.must('listComments', {params, query: {limit: 50, after: begin.next}});
      assert.deepEqual([...begin.items, ...rest.items].map((one) => one.begin.id), order);
      for (const id of newest.slice(0, 6)) await adult.must('addBookmark', {params: {work: id}});
      assert.deepEqual((await adult.all('listBookmarks', {limit: 2})).map((one) => one.work), newest.slice(0, 6).reverse());
    });

    test('what is not for one is nowhere: not in lists, counts, tags, comments, bookmarks or places kept', async (t) => {
      if (skipped(t)) return;
      const {author} = people;
      const {id: authorId} = await author.must('getMe');
      const shared = 'between the bands';
      const works = [];
      for (const rating of Object.keys(rank)) {
        for (const visibility of ['everyone', 'signed_in', 'me']) {
          for (const published of [true, false]) {
            const label = `${rating} ${visibility} ${published ? 'out' : 'draft'}`;
            const params = await work(author, {title: label, tags: [shared, label], rating, visibility, language: 'eu'}, `Of ${label}.`, published);
            // Every work that is out has a draft chapter besides.
            const besides = published ? await chapter(author, params.work, `Not yet ${label}.`, false) : undefined;
            const comment = published ? (await author.must('postComment', {params, body: {text: `On ${label}.`}})).id : undefined;
            works.push({label, params, besides, comment, rating, visibility, published});
          }
        }
      }
      assert.equal(works.length, 18);
      for (const [name, looker] of Object.entries(lookers)) {
        const who = people[name];
        const may = (one) => one.published && rank[one.rating] <= looker.ceiling && (one.visibility === 'everyone' || (one.visibility === 'signed_in' && looker.signedIn));
        const titles = works.filter(may).map((one) => one.label).sort();
        for (const query of [{tag: shared}, {author: authorId, language: 'eu'}, {language: 'eu'}]) {
          assert.deepEqual((await who.all('listWorks', {query, limit: 2})).map((one) => one.title).sort(), titles, `${name} ${JSON.stringify(query)}`);
        }
        const tags = (await who.must('listTags', {query: {limit: 200}})).tags;
        assert.equal(tags.find((tag) => tag.label === shared)?.works ?? 0, titles.length, `${name} counts`);
        assert.deepEqual(tags.filter((tag) => works.some((one) => one.label === tag.label)).map((tag) => tag.label).sort(), titles, `${name} tags`);
        for (const one of works) {
          const expected = may(one) ? 200 : 404;
          const see = async (id, options) => assert.equal((await who.call(id, options)).status, expected, `${name} ${id} ${one.label}`);
          await see('getWork', {params: one.params});
          await see('listChapters', {params: one.params});
          await see('getChapter', {params: one.params});
          await see('listComments', {params: one.params});
          if (one.comment) await see('getComment', {params: {comment: one.comment}});
          if (may(one)) {
            assert.equal((await who.must('listChapters', {params: one.params})).chapters.length, 1, 'drafts are not listed');
            assert.equal((await who.must('getWork', {params: one.params})).work.chapters, 1, 'nor counted');
          }
          if (one.besides) {
            assert.equal((await who.call('getChapter', {params: one.besides})).status, 404, `${name} a draft beside ${one.label}`);
            if (looker.signedIn) assert.equal((await who.call('getDraft', {params: one.besides})).status, may(one) ? 403 : 404);
          }
          if (!looker.signedIn || may(one)) continue;
          for (const [id, body] of [['postComment', {text: 'I see you.'}], ['giveKudos'], ['addBookmark'], ['putProgress', {percent: 10}], ['editWork', {title: 'Mine'}], ['deleteWork'], ['addChapter'], ['unpublishChapter']]) {
            assert.equal((await who.call(id, {params: one.params, body})).status, 404, `${name} ${id} ${one.label}`);
          }
        }
      }

      // What becomes unfit later goes from where it was kept, and comes back with the author's change of mind.
      const one = works.find(({label}) => label === 'everyone everyone out');
      const {teen} = people;
      await teen.must('addBookmark', {params: one.params});
      await teen.must('putProgress', {params: one.params, body: {percent: 30}});
      const comment = await teen.must('postComment', {params: one.params, body: {text: 'So far.'}});
      const kept = async () => [
        (await teen.must('listBookmarks')).items.filter((item) => item.work === one.params.work).length,
        (await teen.must('listReading')).works.filter((item) => item.work === one.params.work).length,
        (await teen.call('getComment', {params: {comment: comment.id}})).status,
      ];
      assert.deepEqual(await kept(), [1, 1, 200]);
      await author.must('editWork', {params: one.params, body: {rating: 'mature'}});
      assert.deepEqual(await kept(), [0, 0, 404]);
      assert.equal((await teen.must('listTags', {query: {limit: 200}})).tags.find((tag) => tag.label === one.label), undefined);
      await author.must('editWork', {params: one.params, body: {rating: 'everyone'}});
      assert.deepEqual(await kept(), [1, 1, 200]);

      // Nobody under age says that a work is for adults; and what somebody under age begins is hers alone until she chooses wider.
      const tooOld = await teen.call('createWork', {body: {title: 'Too old', rating: 'mature'}});
      assert.deepEqual([tooOld.status, tooOld.body.errors[0].field], [422, '/rating']);
      assert.equal((await teen.must('createWork', {body: {title: 'Mine'}})).work.visibility, 'me');
    });

    test('the example of docs/api.md does what it says', async (t) => {
      if (skipped(t)) return;
      if (spawnSync('jq', ['--version']).error) return t.skip('jq is not installed');
      const [, lines] = readFileSync(join(root, 'docs/api.md'), 'utf8').match(/```sh\n([\s\S]+?)```/);
      const script = `set -euo pipefail\n${lines.replace('http://127.0.0.1:8080', site.url)}`;
      const {status, stdout, stderr} = spawnSync('bash', ['-c', script], {encoding: 'utf8', env: {...process.env, TOKEN: people.author.token}});
      assert.equal(status, 0, stdout + stderr);
      const answers = stdout.trim().split(/\n|(?<=\})(?=\{)/).map((line) => JSON.parse(line));
      assert.equal(answers.at(-1).text, 'How many?');
      assert.equal((await people.visitor.must('getComment', {params: {comment: answers.at(-1).id}})).quote, 'He counted aloud.');
    });

    test('a tag is one tag, and what is wrong is named where it stands', async (t) => {
      if (skipped(t)) return;
      const {author} = people;
      const fields = async (body) => {
        const answer = await author.call('createWork', {body});
        assert.equal(answer.status, 422, answer.text);
        return answer.body.errors.map((error) => error.field);
      };
      assert.deepEqual(await fields({title: 'Two', tags: ['one', 'two, three']}), ['/tags/1']);
      assert.deepEqual(await fields({summary: 'No title'}), ['/title']);
      assert.deepEqual(await fields({title: 'x', language: 'not a language'}), ['/language']);
      assert.deepEqual((await author.must('createWork', {body: {title: 'x', tags: ['Sea', 'sea ', 'SEA']}})).work.tags.length, 1);
      const spanish = await author.with({headers: {'accept-language': 'es'}}).call('createWork', {body: {}});
      assert.equal(spanish.status, 422);
    });
  });
}
