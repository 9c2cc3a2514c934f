import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { seededRandom } from '../../packages/engine/testing/seeded.ts';
import { startTestServer, type TestServer } from '../../packages/engine/testing/test-server.ts';
import { MiB, openLocal, PLACE } from '../../packages/server/testing/local-cloud.ts';
import { bootableDisk, DISK, ETAG, QCOW2 } from '../../packages/server/testing/worker-content.ts';
import { expectOnDisk, eventsOf, landed, migrate, show, until } from './service-migrations.ts';
import { ServiceProcess, type Start } from './service-process.ts';

export interface Siege {
  readonly folder: string;
  readonly rounds: number;
  readonly seed: number;
  /** A PostgreSQL, for an API and a worker as two processes; otherwise one process does all, with SQLite. */
  readonly database?: string;
}

/** So slow that nothing ends between the kills, however long a start takes. */
const SLOW = MiB;
const LONGEST_LIFE_MS = 1500;
const SIZE = 24 * MiB;
const RAW = bootableDisk(SIZE);

/** Kills processes of the service in the middle of copies, starts them again on what they left, and looks what became of it. */
export async function surviveKilledService(siege: Siege): Promise<void> {
  const random = seededRandom(siege.seed);
  await using server = await startTestServer();
  const served = serveAll(server);
  const { starts, disks } = await installation(siege, served.length);
  const running = await Promise.all(starts.map((start) => ServiceProcess.start(start)));
  try {
    const made: Made[] = [];
    for (const [index, { link, content }] of served.entries()) {
      const { volume, path } = disks[index] as (typeof disks)[number];
      const options = { bandwidth: SLOW, verify: index === 0 ? 'full' : 'written' } as const;
      const id = await known(apiOf(running), () => migrate(apiOf(running), { link, volume, options }, `key-${index}`));
      made.push({ id, path, content });
    }
    await until(apiOf(running), made[0]?.id ?? '', (migration) => landed(migration) > 0);
    for (let round = 0; round < siege.rounds; round++) await killOne(running, starts, { random, round });
    const api = apiOf(running);
    for (const { id } of made) await fast(api, id);
    for (const { id } of made) await until(api, id, 'succeeded', 120_000);
    let taken = 0;
    for (const one of made) taken += await expectDoneOnce(api, one);
    await expectProven(api, siege.folder, made[0] as Made);
    expect(taken, 'a kill hits something').toBeGreaterThan(made.length);
  } finally {
    await Promise.all(running.map((process) => process.end('SIGTERM')));
  }
}

/** Read by ranges, by map, and in one pass. */
function serveAll(server: TestServer): { link: string; content: Uint8Array }[] {
  return [
    { link: server.serve('/disk.raw', { content: RAW, etag: ETAG }), content: RAW },
    { link: server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG }), content: DISK },
    { link: server.serve('/disk.raw.gz', { content: gzipSync(RAW, { level: 1 }), etag: ETAG }), content: RAW },
  ];
}

/** What is started, and volumes that are there before. The API is the first. */
async function installation({ folder, database }: Siege, count: number) {
  const data = join(folder, 'data');
  const away = join(folder, 'worker');
  const cloud = join(database === undefined ? data : away, 'local');
  const disks: { volume: string; path: string }[] = [];
  await using provider = await openLocal(cloud);
  for (let index = 0; index < count; index++) {
    const { id } = await provider.createVolume({ ...PLACE, name: 'data', size: SIZE }, { key: `v${index}` });
    disks.push({ volume: id, path: join(cloud, 'volumes', `${id}.raw`) });
  }
  if (database === undefined) return { starts: [{ data }], disks };
  const env = { DISKFERRY_DATABASE: database, DISKFERRY_SECRET_KEY: randomBytes(32).toString('base64') };
  const api: Start = { data, env: { ...env, DISKFERRY_WORKER: 'false', DISKFERRY_LOCAL: 'false' } };
  return { starts: [api, { data: away, env, verb: 'worker' as const }], disks };
}

function apiOf([api]: readonly ServiceProcess[]): ServiceProcess {
  return api as ServiceProcess;
}

/** A worker elsewhere tells of its volumes a moment after its start. */
async function known(service: ServiceProcess, create: () => Promise<string>): Promise<string> {
  for (const end = performance.now() + 30_000; ; await sleep(100)) {
    try {
      return await create();
    } catch (error) {
      if (performance.now() > end) throw new Error(service.said.stderr, { cause: error });
    }
  }
}

interface Round {
  readonly random: () => number;
  readonly round: number;
}

/** In turn each of them, the one that works first, and every third time all at once. */
async function killOne(running: ServiceProcess[], starts: readonly Start[], { random, round }: Round): Promise<void> {
  await sleep(random() * LONGEST_LIFE_MS);
  const victims = running
    .map((_, index) => index)
    .filter((index) => round % 3 === 2 || (round + 1) % running.length === index);
  await Promise.all(
    victims.map(async (index) => {
      await running[index]?.end('SIGKILL');
      running[index] = await ServiceProcess.start(starts[index] as Start);
    }),
  );
}

async function fast({ client }: ServiceProcess, id: string): Promise<void> {
  const params = { path: { id } };
  await client.POST('/api/v1/migrations/{id}/actions/change-bandwidth', { params, body: { bandwidth: null } });
}

interface Made {
  readonly id: string;
  readonly path: string;
  readonly content: Uint8Array;
}

/** @returns how often it was taken up */
async function expectDoneOnce(api: ServiceProcess, { id, path, content }: Made): Promise<number> {
  const events = await eventsOf(api, id);
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  expect((await show(api, id)).version).toBe(events.length);
  const kinds = events.map(({ kind }) => kind);
  for (const once of ['locked', 'write-began', 'landed', 'transferred']) {
    expect(kinds.filter((kind) => kind === once)).toEqual([once]);
  }
  await expectOnDisk(path, content);
  return kinds.filter((kind) => kind === 'taken').length;
}

async function expectProven(api: ServiceProcess, folder: string, { id, path }: Made): Promise<void> {
  const receipt = join(folder, `${id}.json`);
  await api.ask('migrations', 'receipt', id, '--out', receipt);
  await api.ask('receipt', 'verify', receipt, '--disk', path);
}
