import { describe, expect, it } from 'vitest';
import { sampleReceipt } from '../receipts.ts';
import { claimed, expectRefused, LEASE, onStage, type MakeDatabase } from './scene.ts';

export function proving(make: MakeDatabase): void {
  describe('receipts', () => {
    it('are kept with the fence, and stay after it', () =>
      onStage(make, async ({ stores: { receipts }, store, clock, anotherStores }) => {
        const { migration, fence } = await claimed(store, 'w1');
        const { id } = migration;
        await expectRefused(receipts.read(id), 'not-found');
        await expectRefused(receipts.read('\0'), 'not-found');
        await expectRefused(receipts.keep(id, fence + 1, sampleReceipt()), 'stale-fence');
        await receipts.keep(id, fence, sampleReceipt());
        clock.pass(LEASE.leaseMs);
        await store.claim('w2', LEASE);
        await expectRefused(receipts.keep(id, fence, sampleReceipt({ version: '2' })), 'stale-fence');
        expect(await (await anotherStores()).receipts.read(id)).toEqual(sampleReceipt());
      }));

    it('are written again of the same disk, and not of another', () =>
      onStage(make, async ({ stores: { receipts }, store }) => {
        const { migration, fence } = await claimed(store, 'w1');
        await receipts.keep(migration.id, fence, sampleReceipt());
        await receipts.keep(migration.id, fence, sampleReceipt({ endedAt: 9999 }));
        expect((await receipts.read(migration.id)).receipt.endedAt).toBe(9999);
        const [image] = sampleReceipt().receipt.images;
        if (!image) throw new Error('the sample has no image');
        const other = sampleReceipt({ images: [{ ...image, digest: 'sha256:other' }] });
        await expectRefused(receipts.keep(migration.id, fence, other), 'illegal-transition');
        expect((await receipts.read(migration.id)).receipt.endedAt).toBe(9999);
      }));

    it('are gone when the migration is tried again', () =>
      onStage(make, async ({ stores: { receipts }, store }) => {
        const { migration, fence } = await claimed(store, 'w1');
        const { id, version } = migration;
        await receipts.keep(id, fence, sampleReceipt());
        await store.append(id, fence, version, { kind: 'failed', code: 'x', message: 'x', goesOn: false });
        await store.request(id, version + 1, { kind: 'retry-asked', by: 'ann' });
        await expectRefused(receipts.read(id), 'not-found');
      }));
  });
}
