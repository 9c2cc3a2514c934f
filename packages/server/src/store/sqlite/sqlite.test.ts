import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeConformance } from '../../../testing/store-conformance.ts';
import { openSqliteStore } from './open-sqlite.ts';

storeConformance('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-store-'));
  const where = join(folder, 'store.sqlite');
  return {
    where,
    open: (clock) => openSqliteStore(where, clock),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
});
