import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../../engine/testing/temp.ts';
import type { Provider } from '../providers/provider.ts';
import type { Base } from './base.ts';
import { DataFolder } from './data-folder.ts';
import { openWorker } from './open-worker.ts';
import { takeSeat } from './worker-seat.ts';

it('leaves its place where it cannot begin', async () => {
  const folder = await DataFolder.make(await mkdtemp(join(await tempFolder(), 'worker-')));
  await rm(folder.worker, { recursive: true });
  await writeFile(folder.worker, 'a file where the folder of checkpoints should be');
  const migrations = { releaseAllOf: async () => 0 };
  const base = { folder, workerId: 'w-1', stores: { migrations }, configuration: { worker: {} } } as unknown as Base;
  await expect(openWorker(base, {} as Provider)).rejects.toThrow();
  await using _seat = await takeSeat(folder, 'w-2', migrations);
});
