import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { seededRandom } from '../../packages/engine/testing/seeded.ts';
import { startTestServer, type TestServer } from '../../packages/engine/testing/test-server.ts';
import { MiB, openLocal, PLACE } from '../../packages/server/testing/local-cloud.ts';
import { PLAIN_SOURCE, sampleRequest } from '../../packages/server/testing/requests.ts';
import { TEST_KEY } from '../../packages/server/testing/test-key.ts';
import { bootableDisk, DISK, ETAG, QCOW2 } from '../../packages/server/testing/worker-content.ts';
import { startWorkerProcess, type WorkerProcess } from '../../packages/server/testing/worker-process.ts';
import { ServiceError } from '../../packages/server/src/base/errors.ts';
import { openStores } from '../../packages/server/src/store/open-stores.ts';
import type { Stores } from '../../packages/server/src/store/stores.ts';

export interface KillPlan {
  readonly folder: string;
  /** As `openStores` takes it. */
  readonly where: string;
  readonly kills: number;
  readonly seed: number;
  /** Kills something else as well, and brings it back. */
  readonly crashStore?: () => Promise<void>;
}

const LEASE_MS = 1000;
const LONGEST_LIFE_MS = 2000;
const SLOW = 10 * MiB;
const VERIFY = ['written', 'full', 'none'] as const;
const RAW = bootableDisk(24 * MiB);

/** Workers that are killed at random moments, while there is always something to do; then one that lives. */
export async function surviveKills({ folder, where, kills, seed, crashStore }: KillPlan): Promise<void> {
  const random = seededRandom(seed);
  const volumes = await volumesIn(folder, kills + 2);
  await using server = await startTestServer();
  await using stores = await openStores(where, { secretKey: TEST_KEY });
  const links = serveAll(server);
  const made: { id: string; volume: string; content: Uint8Array }[] = [];
  let worker: WorkerProcess | undefined;
  for (const [turn, volume] of volumes.entries()) {
    const { link, content } = links[turn % links.length] as Served;
    made.push({ id: await create(stores, { turn, volume, link }), volume, content });
    if (turn >= kills) continue;
    worker = await startWorkerProcess(where, folder, LEASE_MS);
    await sleep(random() * LONGEST_LIFE_MS);
    if (crashStore && turn % 2 === 0) await crashStore();
    await sleep(random() * 300);
    await worker.kill('SIGKILL');
  }
  worker = await startWorkerProcess(where, folder, LEASE_MS);
  for (const { id } of made) await untilSucceeded(stores, id, worker);
  await worker.kill('SIGTERM');
  let taken = 0;
  for (const one of made) taken += await expectDone(stores, folder, one);
  // Otherwise no kill has hit anything.
  expect(taken).toBeGreaterThan(made.length);
  await expectTidy(folder);
}

async function volumesIn(folder: string, count: number): Promise<string[]> {
  await using provider = await openLocal(join(folder, 'cloud'));
  const ids: string[] = [];
  for (let turn = 0; turn < count; turn++) {
    ids.push((await provider.createVolume({ ...PLACE, name: 'data', size: 24 * MiB }, { key: `v${turn}` })).id);
  }
  return ids;
}

interface Served {
  readonly link: string;
  readonly content: Uint8Array;
}

/** Read by ranges, by map, and in one pass. */
function serveAll(server: TestServer): Served[] {
  return [
    { link: server.serve('/disk.raw', { content: RAW, etag: ETAG }), content: RAW },
    { link: server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG }), content: DISK },
    { link: server.serve('/disk.raw.gz', { content: gzipSync(RAW, { level: 1 }), etag: ETAG }), content: RAW },
  ];
}

async function create(stores: Stores, { turn, volume, link }: { turn: number; volume: string; link: string }) {
  const images = [{ source: { ...PLAIN_SOURCE, link }, target: { volume, instance: null } }];
  const verify = VERIFY[Math.floor(turn / 3) % 3] ?? 'written';
  const options = { startAfterwards: false, verify, bandwidth: SLOW, accept: ['disk-size-known', 'copy-goes-on'] };
  const request = sampleRequest({ kind: 'data', name: `migration ${turn}`, images, options });
  return (await available(() => stores.migrations.create(request, `key-${turn}`))).id;
}

async function untilSucceeded(stores: Stores, id: string, worker: WorkerProcess): Promise<void> {
  for (const end = performance.now() + 120_000; ; await sleep(50)) {
    const { standing } = await available(() => stores.migrations.get(id));
    if (standing.state === 'succeeded') return;
    if (performance.now() > end || standing.state === 'waiting' || standing.state === 'failed') {
      throw new Error(`${id} is ${JSON.stringify(standing)}\n${worker.log()}`);
    }
  }
}

/** Once each, equal, and proven. @returns how often it was taken up */
async function expectDone(
  stores: Stores,
  folder: string,
  { id, volume, content }: { id: string; volume: string; content: Uint8Array },
): Promise<number> {
  const kinds = (await stores.migrations.events(id, 0)).map(({ event }) => event.kind);
  for (const once of ['locked', 'write-began', 'landed', 'transferred']) {
    expect(kinds.filter((kind) => kind === once)).toEqual([once]);
  }
  const disk = await readFile(join(folder, 'cloud', 'volumes', `${volume}.raw`));
  expect(Buffer.compare(disk.subarray(0, content.length), content)).toBe(0);
  expect(disk.subarray(content.length).every((byte) => byte === 0)).toBe(true);
  const { receipt } = await stores.receipts.read(id);
  expect(receipt.images).toMatchObject([{ virtualSize: content.length, target: { volume } }]);
  return kinds.filter((kind) => kind === 'taken').length;
}

/** Nothing is held, and no checkpoint is left. */
async function expectTidy(folder: string): Promise<void> {
  await using provider = await openLocal(join(folder, 'cloud'));
  for (const { heldBy } of await provider.listVolumes()) expect(heldBy).toBeUndefined();
  expect(await readdir(join(folder, 'checkpoints'))).toEqual([]);
}

/** A database that is just coming back is asked again. */
async function available<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const end = performance.now() + 30_000; ; await sleep(100)) {
    try {
      return await work();
    } catch (error) {
      const away = error instanceof ServiceError && error.code === 'store-unavailable';
      if (!away || performance.now() > end) throw error;
    }
  }
}
