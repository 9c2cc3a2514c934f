import { describe, expect, it } from 'vitest';
import { testClock } from '../../testing/clock.ts';
import { HALF_WAY, THE_REST } from '../../testing/lives.ts';
import { sampleReceipt, sampleReceiptBody } from '../../testing/receipts.ts';
import { sampleRequest } from '../../testing/requests.ts';
import { TEST_KEY } from '../../testing/test-key.ts';
import { tempFolder } from '../../../engine/testing/temp.ts';
import type { MigrationEvent, WorkerEvent } from '../migrations/event.ts';
import { openStores } from '../store/open-stores.ts';
import { earlierSpeed } from './earlier-speed.ts';

const MiB = 1024 * 1024;
const HOST = 'images.example';
const folder = await tempFolder();
let made = 0;

/** A second passes before each event of the worker. */
async function storesWith(
  fileSizes: readonly number[],
  changes: { between?: MigrationEvent[]; bandwidth?: number } = {},
) {
  const clock = testClock();
  const stores = await openStores(`${folder}/${made++}.sqlite`, { secretKey: TEST_KEY, clock });
  const { migrations, receipts } = stores;
  const { id } = await migrations.create(sampleRequest({ options: { bandwidth: changes.bandwidth ?? null } }));
  const fence = (await migrations.claim('w1', { leaseMs: 30_000 }))?.fence ?? 0;
  let version = 1;
  for (const event of [...HALF_WAY, ...(changes.between ?? []), ...THE_REST]) {
    clock.pass(1000);
    if (event.kind === 'started') {
      const [image] = sampleReceiptBody().images;
      const images = fileSizes.map((fileSize) => ({ ...image!, fileSize }));
      await receipts.keep(id, fence, sampleReceipt({ images }));
    }
    const asked = 'by' in event ? migrations.request(id, version, event) : undefined;
    ({ version } = await (asked ?? migrations.append(id, fence, version, event as WorkerEvent)));
  }
  return stores;
}

describe('earlierSpeed()', () => {
  it('is what both images of the host took, from the first byte written to the last', async () => {
    await using stores = await storesWith([300 * MiB, 100 * MiB]);
    // The first was written for three seconds, the second for one.
    expect(await earlierSpeed(stores, HOST)).toBe(100 * MiB);
    expect(await earlierSpeed(stores, 'elsewhere.example')).toBeUndefined();
  });

  it('leaves out what is too small to tell, and what was held to a rate', async () => {
    await using small = await storesWith([300 * MiB, 1 * MiB]);
    expect(await earlierSpeed(small, HOST)).toBe(100 * MiB);
    await using held = await storesWith([300 * MiB, 100 * MiB], { bandwidth: 1e6 });
    expect(await earlierSpeed(held, HOST)).toBeUndefined();
  });

  it('leaves out an image whose copy was changed by a person on its way', async () => {
    const changed: MigrationEvent = { kind: 'bandwidth-changed', bandwidth: null, by: 'ann' };
    await using stores = await storesWith([900 * MiB, 100 * MiB], { between: [changed] });
    expect(await earlierSpeed(stores, HOST)).toBe(100 * MiB);
  });
});
