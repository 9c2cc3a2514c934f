import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { startTestServer } from '../../packages/engine/testing/test-server.ts';
import { MiB, openLocal, PLACE } from '../../packages/server/testing/local-cloud.ts';
import { PLAIN_SOURCE, sampleRequest } from '../../packages/server/testing/requests.ts';
import { TEST_KEY } from '../../packages/server/testing/test-key.ts';
import { bootableDisk, ETAG } from '../../packages/server/testing/worker-content.ts';
import { startWorkerProcess } from '../../packages/server/testing/worker-process.ts';
import { openStores } from '../../packages/server/src/store/open-stores.ts';
import type { Stores } from '../../packages/server/src/store/stores.ts';

const LEASE_MS = 1500;
const CONTENT = bootableDisk(64 * MiB);

it(
  'a worker that is stopped for longer than its lease writes nothing when it goes on',
  { timeout: 90_000 },
  async () => {
    const folder = root;
    const where = join(folder, 'store.sqlite');
    const { volume, provider } = await volumeIn(folder);
    await using server = await startTestServer();
    await using stores = await openStores(where, { secretKey: TEST_KEY });
    const link = server.serve('/disk.raw', { content: CONTENT, etag: ETAG });
    const images = [{ source: { ...PLAIN_SOURCE, link }, target: { volume, instance: null } }];
    const options = { startAfterwards: false, bandwidth: 16 * MiB };
    const { id } = await stores.migrations.create(sampleRequest({ kind: 'data', images, options }));
    const worker = await startWorkerProcess(where, folder, LEASE_MS);
    await until(stores, id, 16 * MiB);

    process.kill(worker.pid, 'SIGSTOP');
    await sleep(LEASE_MS * 1.5);
    const other = await stores.migrations.claim('another', { labels: [`provider:${provider}`], leaseMs: 60_000 });
    expect(other?.migration.id).toBe(id);
    const before = await everythingOf(stores, { folder, id, volume });
    process.kill(worker.pid, 'SIGCONT');
    await sleep(2000);
    expect(await everythingOf(stores, { folder, id, volume })).toEqual(before);
    expect(worker.child.exitCode).toBeNull();

    await stores.migrations.release(id, other?.fence ?? 0);
    await until(stores, id, CONTENT.length);
    await worker.kill('SIGTERM');
    expect(Buffer.compare(await readFile(diskOf(folder, volume)), CONTENT)).toBe(0);
  },
);

const root = await tempFolder();

async function volumeIn(folder: string): Promise<{ volume: string; provider: string }> {
  await using provider = await openLocal(join(folder, 'cloud'));
  const wanted = { ...PLACE, name: 'data', size: CONTENT.length };
  return { volume: (await provider.createVolume(wanted, { key: 'v' })).id, provider: provider.name };
}

function diskOf(folder: string, volume: string): string {
  return join(folder, 'cloud', 'volumes', `${volume}.raw`);
}

/** The disk, the checkpoint and the log. */
async function everythingOf(stores: Stores, at: { folder: string; id: string; volume: string }) {
  const checkpoints = join(at.folder, 'checkpoints');
  const kept = await Promise.all((await readdir(checkpoints)).map((name) => readFile(join(checkpoints, name), 'utf8')));
  return {
    disk: createHash('sha256')
      .update(await readFile(diskOf(at.folder, at.volume)))
      .digest('hex'),
    kept,
    events: await stores.migrations.events(at.id, 0),
  };
}

/** So many bytes are durable; all of them once it has succeeded. */
async function until(stores: Stores, id: string, bytes: number): Promise<void> {
  for (const end = performance.now() + 60_000; ; await sleep(20)) {
    const { standing, images } = await stores.migrations.get(id);
    const content = images[0]?.content;
    if (standing.state === 'succeeded' || (content?.kind === 'partly' && content.bytes >= bytes)) return;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(standing)}`);
  }
}
