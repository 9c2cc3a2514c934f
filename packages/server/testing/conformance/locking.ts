import { describe, expect, it } from 'vitest';
import type { Claim } from '../../src/migrations/store.ts';
import { sampleRequest } from '../requests.ts';
import { claimed, expectRefused, onStage, type MakeDatabase } from './scene.ts';

export function locking(make: MakeDatabase): void {
  describe('locks on instances and volumes', () => {
    it('have one holder, who is named, and are free again when its migration is over', () =>
      onStage(make, async ({ store }) => {
        const first = await claimed(store, 'w1', sampleRequest({ name: 'first' }));
        const second = await claimed(store, 'w2', sampleRequest({ name: 'second' }));
        const lock = ({ migration: { id, version }, fence }: Claim) =>
          store.append(id, fence, version, { kind: 'locked' });
        const held = await lock(first);
        await expect(lock(second)).rejects.toMatchObject({ code: 'resource-locked', holder: first.migration.id });
        expect(await store.get(second.migration.id)).toEqual(second.migration);
        await store.append(held.id, first.fence, held.version, {
          kind: 'failed',
          code: 'x',
          message: 'x',
          goesOn: false,
        });
        expect((await lock(second)).locks).toEqual(['instance:i-1', 'volume:i-1-vol-0', 'volume:i-1-vol-1']);
      }));

    it('go to one of two that want them at the same moment', () =>
      onStage(make, async ({ store, another }) => {
        const other = await another();
        const first = await claimed(store, 'w1', sampleRequest());
        const second = await claimed(store, 'w2', sampleRequest());
        const results = await Promise.allSettled([
          store.append(first.migration.id, first.fence, 2, { kind: 'locked' }),
          other.append(second.migration.id, second.fence, 2, { kind: 'locked' }),
        ]);
        expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        const loser = results.findIndex(({ status }) => status === 'rejected');
        const again = [first, second][loser] ?? first;
        await expectRefused(store.append(again.migration.id, again.fence, 2, { kind: 'locked' }), 'resource-locked');
      }));
  });
}
