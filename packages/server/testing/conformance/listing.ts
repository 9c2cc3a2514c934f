import { describe, expect, it } from 'vitest';
import type { MigrationStore, ListAsk } from '../../src/migrations/store.ts';
import { dataRequest, sampleRequest } from '../requests.ts';
import { expectRefused, onStage, type MakeDatabase } from './scene.ts';

export function listing(make: MakeDatabase): void {
  describe('list', () => {
    it('gives the newest first, page by page, and is not shifted by what is created meanwhile', () =>
      onStage(make, async ({ store }) => {
        for (let index = 0; index < 10; index++) await store.create(dataRequest(`old-${index}`));
        const first = await store.list({ limit: 4 });
        for (let index = 0; index < 3; index++) await store.create(dataRequest(`new-${index}`));
        const second = await store.list({ limit: 4, ...cursorOf(first.next) });
        const third = await store.list({ limit: 4, ...cursorOf(second.next) });
        const names = [first, second, third].flatMap(({ migrations }) => migrations.map(({ name }) => name));
        expect(names).toEqual(Array.from({ length: 10 }, (_, index) => `old-${9 - index}`));
        expect(third.next).toBeUndefined();
        expect(await namesOf(store, {})).toHaveLength(13);
      }));

    it('ends with a page that is just full', () =>
      onStage(make, async ({ store }) => {
        await store.create(dataRequest('a'));
        await store.create(dataRequest('b'));
        expect((await store.list({ limit: 2 })).next).toBeUndefined();
      }));

    it('filters by state, by kind and by both', () =>
      onStage(make, async ({ store }) => {
        const a = await store.create(dataRequest('a'));
        await store.create(dataRequest('b'));
        await store.create(sampleRequest({ name: 'c' }));
        await store.request(a.id, 1, { kind: 'pause-asked', by: 'ann' });
        expect(await namesOf(store, { states: ['paused'] })).toEqual(['a']);
        expect(await namesOf(store, { states: ['paused', 'queued'] })).toEqual(['c', 'b', 'a']);
        expect(await namesOf(store, { states: [] })).toEqual([]);
        expect(await namesOf(store, { kinds: ['instance'] })).toEqual(['c']);
        expect(await namesOf(store, { kinds: [] })).toEqual([]);
        expect(await namesOf(store, { kinds: ['data'], states: ['queued'] })).toEqual(['b']);
      }));

    it('filters by what a migration lands on and by who created it', () =>
      onStage(make, async ({ store }) => {
        await store.create(sampleRequest({ name: 'a' }));
        await store.create({ ...sampleRequest({ name: 'b' }), by: 'bo' });
        await store.create(dataRequest('c'));
        expect(await namesOf(store, { resource: 'instance:i-1' })).toEqual(['b', 'a']);
        expect(await namesOf(store, { resource: 'volume:i-1-vol-1', by: 'ann' })).toEqual(['a']);
        expect(await namesOf(store, { resource: 'volume:vol-c' })).toEqual(['c']);
        expect(await namesOf(store, { resource: 'vol-c' })).toEqual([]);
        expect(await namesOf(store, { by: 'ann' })).toEqual(['c', 'a']);
        expect(await namesOf(store, { by: 'Bo' })).toEqual([]);
        await expectRefused(store.list({ limit: 5, by: '\0' }), 'invalid-request');
        await expectRefused(store.list({ limit: 5, resource: '\0' }), 'invalid-request');
      }));

    it('finds text in names, whatever its case, and takes it as it is', () =>
      onStage(make, async ({ store }) => {
        for (const name of ['Web 100%', 'web_1', 'web!1', 'Bücher', '東京の本番', "O'Brien"]) {
          await store.create(dataRequest(name));
        }
        expect(await namesOf(store, { text: 'WEB' })).toEqual(['web!1', 'web_1', 'Web 100%']);
        expect(await namesOf(store, { text: '%' })).toEqual(['Web 100%']);
        expect(await namesOf(store, { text: '_' })).toEqual(['web_1']);
        expect(await namesOf(store, { text: '!' })).toEqual(['web!1']);
        expect(await namesOf(store, { text: 'BÜCH' })).toEqual(['Bücher']);
        expect(await namesOf(store, { text: 'の本' })).toEqual(['東京の本番']);
        expect(await namesOf(store, { text: "o'b" })).toEqual(["O'Brien"]);
        expect(await namesOf(store, { text: 'nothing' })).toEqual([]);
      }));

    it('refuses a cursor of somebody else, and a limit without bounds', () =>
      onStage(make, async ({ store }) => {
        for (const cursor of ['', 'x', '!!', Buffer.from('before:-1').toString('base64url')]) {
          await expectRefused(store.list({ limit: 1, cursor }), 'invalid-cursor');
        }
        for (const limit of [0, -1, 1.5, 501, Number.NaN])
          await expectRefused(store.list({ limit }), 'invalid-request');
      }));
  });
}

function cursorOf(next: string | undefined): { cursor: string } {
  if (next === undefined) throw new Error('there is no next page');
  return { cursor: next };
}

async function namesOf(store: MigrationStore, ask: Partial<ListAsk>): Promise<string[]> {
  return (await store.list({ limit: 100, ...ask })).migrations.map(({ name }) => name);
}
