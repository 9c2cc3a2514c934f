import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_KEY } from '../../../testing/test-key.ts';
import { storeConformance } from '../../../testing/store-conformance.ts';
import { openStores } from '../open-stores.ts';

storeConformance('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-store-'));
  const where = join(folder, 'store.sqlite');
  return {
    where,
    open: (clock) => openStores(where, { secretKey: TEST_KEY, ...(clock && { clock }) }),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
});
