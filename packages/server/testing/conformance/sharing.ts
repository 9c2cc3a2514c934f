import { describe, expect, it } from 'vitest';
import { dataRequest } from '../requests.ts';
import { runChild } from '../store-process.ts';
import { onStage, type MakeDatabase } from './scene.ts';

export function sharing(make: MakeDatabase): void {
  describe('several processes', () => {
    it('may open a new database at the same moment', async () => {
      const database = await make();
      try {
        const made = await Promise.all(['a', 'b', 'c', 'd'].map((name) => runChild(database.where, 'create', name)));
        expect(made.map((lines) => lines.length)).toEqual([5, 5, 5, 5]);
        const store = await database.open();
        const { migrations } = await store.migrations.list({ limit: 100 });
        await store[Symbol.asyncDispose]();
        expect(migrations.map(({ id }) => id).toSorted()).toEqual(made.flat().toSorted());
      } finally {
        await database.dispose();
      }
    });

    it('bring the schema up to date one after the other', async () => {
      const database = await make();
      try {
        const stores = await Promise.all(Array.from({ length: 8 }, () => database.open()));
        for (const [index, store] of stores.entries()) await store.migrations.create(dataRequest(`n-${index}`));
        expect((await stores[0]?.migrations.list({ limit: 100 }))?.migrations).toHaveLength(8);
        for (const store of stores) await store[Symbol.asyncDispose]();
      } finally {
        await database.dispose();
      }
    });

    it('claim from one database, and each migration goes to one of them', () =>
      onStage(make, async ({ store, where }) => {
        const ids: string[] = [];
        for (let index = 0; index < 30; index++) ids.push((await store.create(dataRequest(`n-${index}`))).id);
        const got = await Promise.all(['w1', 'w2'].map((name) => runChild(where, 'claim', name)));
        expect(got.flat().toSorted()).toEqual(ids.toSorted());
        for (const id of ids) expect((await store.get(id)).standing.state).toBe('checking');
      }));
  });
}
