// In the same second in which a work is hidden, rated anew, made private or held, no list, count, suggestion, completion or search passage
// shows it to who may not see it: asked of every page and endpoint that finds works, as several viewers, before the index hears of it.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Contract, Program, tokenFromThePage} from './support/api.mjs';
import {Person, startSite} from './support/site.mjs';

// What is asked for, and what would give the work away: a page may repeat the question, and says nothing else.
const asked = 'quernstone', telltale = 'zirconvale', tag = 'thistledown clocks';

describe('what may not be seen is nowhere', () => {
  let site, contract, author, work, chapter, hub;
  const people = {visitor: null, teen: 'abi', adult: 'ms-ortega', moderator: 'sam-w'};
  const viewers = {};

  before(async () => {
    site = await startSite({env: {BRAID_RATE_LIMITS: 'false'}});
    contract = new Contract(await (await fetch(`${site.url}/api/v1/openapi.json`)).json());
    for (const [name, handle] of Object.entries(people)) {
      if (handle === null) {
        viewers[name] = {person: new Person(site), program: new Program(site, contract)};
      } else {
        const {token, person} = await tokenFromThePage(site, handle);
        viewers[name] = {person, program: new Program(site, contract, token)};
      }
    }
    author = new Program(site, contract, (await tokenFromThePage(site, 'mr-okafor')).token);
    hub = (await author.must('findTopics', {query: {q: 'Poetry', whole: '1'}})).items[0].topic;
    work = (await author.must('createWork', {body: {title: `${asked} ${telltale}`, visibility: 'everyone', tags: ['Poetry', tag], summary: `${asked} ${telltale}`}})).work.id;
    const made = await author.must('addChapter', {params: {work}});
    chapter = made.id;
    const saved = await author.must('saveDraft', {params: {work, chapter}, body: {title: 'One', text: `The ${asked} of ${telltale} turned.`, base: made.version}});
    await author.must('publishChapter', {params: {work, chapter}, body: {base: saved.version}});
    for (const {person} of Object.values(viewers).slice(1)) await person.fetch('/interests');
    await viewers.teen.program.must('followTopic', {params: {topic: hub}});
    await viewers.adult.program.must('followTopic', {params: {topic: hub}});
    // Events are told after the commit: until then nobody finds it.
    // The index and, a moment later, the words that misspelt ones are compared with.
    const there = (places) => ['quernstone', 'quernstoen'].every((asked) => places.includes(`page /search?q=${asked}`));
    for (let tries = 0; !there(await seen('visitor')); ++tries) {
      assert.ok(tries < 200, 'the index never heard of it');
      await new Promise((done) => setTimeout(done, 50));
    }
  });
  after(() => site?.stop());

  const pages = () => ['/', '/read', `/tags/${encodeURIComponent(tag)}`, '/people/mr-okafor', `/search?q=${asked}`, `/search?q=${asked}&kind=chapter`, '/search?q=quernstoen',
    `/search?q=tag:"${tag}"`, '/search?q=by:mr-okafor', `/topics/${hub}`, '/topics', '/interests', '/wrangling', '/library', `/works/${work}`, `/works/${work}/chapters/${chapter}`];
  const endpoints = () => [['search', {query: {q: asked}}], ['search', {query: {tag, kind: 'work'}}], ['listWorks', {}], ['listWorks', {query: {tag}}], ['listTags', {}],
    ['listTopicWorks', {params: {topic: hub}}], ['getWork', {params: {work}}], ['getChapter', {params: {work, chapter}}], ['listOpenTags', {}]];

  // Every place that gives the work away to a viewer.
  async function seen(name) {
    const {person, program} = viewers[name];
    const places = [];
    for (const path of pages()) {
      const html = await (await person.fetch(path)).text();
      // The page of a tag, and a filter, repeat what they were asked.
      const repeats = path.includes(tag) || path.includes(encodeURIComponent(tag));
      if (html.includes(telltale) || (!repeats && html.includes(tag))) places.push(`page ${path}`);
      const count = path === `/search?q=${asked}` && html.match(/kind=chapter[^>]*>[^<]*<span class="numbers">(\d+)/)?.[1];
      if (count > 0) places.push(`count ${count}`);
    }
    const offered = await (await person.fetch(`/search/suggest?q=${asked}`, {headers: {'hx-request': 'true'}})).text();
    if (offered.includes(telltale)) places.push('suggestion');
    for (const [id, options] of endpoints()) {
      const answer = await program.call(id, options);
      if (answer.text.includes(telltale) || answer.text.includes(tag)) places.push(`${id} ${JSON.stringify(options)}`);
    }
    return places;
  }
  const edit = (body) => author.must('editWork', {params: {work}, body});
  async function hiddenFrom(...names) {
    for (const name of Object.keys(viewers)) {
      const places = await seen(name);
      if (names.includes(name)) assert.deepEqual(places, [], `${name} is shown it`);
      else assert.ok(places.includes(`page /search?q=${asked}`), `${name} may see it, and does not find it`);
    }
  }

  test('while everybody may see it, it is in all these places', async () => {
    const places = await seen('teen');
    for (const place of ['page /', 'page /read', `page /tags/${encodeURIComponent(tag)}`, `page /search?q=${asked}`, 'page /search?q=quernstoen', `page /topics/${hub}`, 'suggestion', 'count 1']) {
      assert.ok(places.includes(place), `${place} should show it: ${places.join(', ')}`);
    }
    assert.ok((await seen('moderator')).some((place) => place.startsWith('listOpenTags')), 'the queue of tags has its tag');
  });

  test('made private', async () => {
    await edit({visibility: 'me'});
    await hiddenFrom('visitor', 'teen', 'adult', 'moderator');
    await edit({visibility: 'everyone'});
    await hiddenFrom();
  });

  test('for members alone', async () => {
    await edit({visibility: 'signed_in'});
    await hiddenFrom('visitor');
    await edit({visibility: 'everyone'});
  });

  test('rated anew', async () => {
    await edit({rating: 'teen'});
    await hiddenFrom('visitor');
    await edit({rating: 'mature'});
    await hiddenFrom('visitor', 'teen');
    await edit({rating: 'everyone'});
    await hiddenFrom();
  });

  test('held by a moderator', async () => {
    const {program} = viewers.moderator;
    await viewers.adult.program.must('report', {body: {kind: 'work', object: work, category: 'other', words: 'Look.'}});
    const affair = (await program.all('listCases')).find((one) => one.object === work).id;
    const {id: decision} = await program.must('decideCase', {params: {case: affair}, body: {measure: 'hide', reason: 'For a while.'}});
    await hiddenFrom('visitor', 'teen', 'adult', 'moderator');
    await program.must('liftDecision', {params: {case: affair, decision}, body: {why: 'It was a mistake.'}});
    await hiddenFrom();
  });

  test('its words changed, and its chapter taken back', async () => {
    await edit({title: 'Another', summary: 'Another.', tags: ['Poetry']});
    const {version} = await author.must('getDraft', {params: {work, chapter}});
    const saved = await author.must('saveDraft', {params: {work, chapter}, body: {title: 'One', text: 'Nothing of it.', base: version}});
    await author.must('publishChapter', {params: {work, chapter}, body: {base: saved.version}});
    for (const name of Object.keys(viewers)) assert.deepEqual(await seen(name), [], `${name} is shown old words`);
  });
});
