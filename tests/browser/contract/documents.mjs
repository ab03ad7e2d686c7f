// How each answer about the site's documents is had. `boss` is an administrator.
import assert from 'node:assert/strict';

export function documents(world) {
  const text = {text_en: 'Be **good** to each other.', text_es: 'Trataos **bien**.', short_en: 'Be good.', short_es: 'Trataos bien.'};
  const bodies = {publishSiteDocument: {...text, changed_en: '', changed_es: '', important: false, based_on: 1}};
  const newest = async (kind) => (await world.visitor.must('getSiteDocument', {params: {kind}})).version;
  const publish = (kind, body) => world.boss.call('publishSiteDocument', {params: {kind}, body});

  const own = {
    getSiteDocument: {
      200: async () => {
        const first = await world.visitor.must('getSiteDocument', {params: {kind: 'terms'}, query: {version: 1}});
        assert.equal(first.version, 1);
        assert.equal(first.published_at, null);
        assert.ok(first.text_en.length > 100 && first.text_es.length > 100);
        assert.equal((await world.visitor.call('getSiteDocument', {params: {kind: 'terms'}, query: {version: 999}})).status, 404);
        return world.writer.call('getSiteDocument', {params: {kind: 'privacy'}});
      },
    },
    listSiteDocumentVersions: {200: () => world.visitor.call('listSiteDocumentVersions', {params: {kind: 'guidelines'}})},
    publishSiteDocument: {
      201: async () => {
        const based_on = await newest('guidelines');
        const empty = await publish('guidelines', {...bodies.publishSiteDocument, based_on, important: true});
        assert.deepEqual(empty.body.errors.map(({field}) => field), ['/changed_en', '/changed_es'], 'an important change says what is new');
        const answer = await publish('guidelines', {...bodies.publishSiteDocument, based_on});
        assert.equal(answer.body.version, based_on + 1);
        assert.equal((await world.visitor.must('getSiteDocument', {params: {kind: 'guidelines'}})).text_en, text.text_en);
        return answer;
      },
      409: async () => {
        await publish('guidelines', {...bodies.publishSiteDocument, based_on: await newest('guidelines')});
        return publish('guidelines', bodies.publishSiteDocument);
      },
    },
    getAgreement: {200: () => world.writer.call('getAgreement')},
    agree: {
      204: async () => {
        const answer = await world.writer.call('agree');
        assert.deepEqual((await world.writer.must('getAgreement')).pending, []);
        return answer;
      },
    },
  };
  return {bodies, own, askers: {publishSiteDocument: 'boss'}};
}
