import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestServer, type TestServer } from '../../engine/testing/test-server.ts';
import { ServiceError } from '../src/base/errors.ts';
import type { UserEvent } from '../src/migrations/event.ts';
import type { ImageSource, Migration, MigrationOptions } from '../src/migrations/migration.ts';
import type { LocalProvider } from '../src/providers/local/local-provider.ts';
import { signReceipt } from '../src/receipts/sign-receipt.ts';
import { SigningKey } from '../src/receipts/signing-key.ts';
import { imageSourceOpener } from '../src/sources/image-source-opener.ts';
import { openStores } from '../src/store/open-stores.ts';
import type { Stores } from '../src/store/stores.ts';
import { startWorker, type RunningWorker } from '../src/worker/worker.ts';
import type { WorkerOptions } from '../src/worker/worker-parts.ts';
import { MACHINE, MiB, openLocal, PLACE } from './local-cloud.ts';
import { localFolder } from './local-scene.ts';
import { PLAIN_SOURCE, sampleRequest } from './requests.ts';
import { TEST_KEY } from './test-key.ts';

const SIGNING_KEY = new SigningKey(new Uint8Array(32).fill(9));

export const QUICK = {
  lease: 1500,
  poll: 50,
  report: 200,
  firstWait: 20,
  longestWait: 200,
  grace: 2000,
  proof: 20_000,
} as const;
export const LOOPBACK = { allowHosts: ['127.0.0.1'], allowRanges: [], folders: [] } as const;

export interface WorkerScene extends AsyncDisposable {
  readonly folder: string;
  readonly stores: Stores;
  readonly provider: LocalProvider;
  readonly server: TestServer;
  /** Lines that workers have logged. */
  readonly logged: string[];
  /** Stopped with the scene. */
  start(changes?: Partial<WorkerOptions>): Promise<RunningWorker>;
  volume(size?: number): Promise<string>;
  /** With its system volume. */
  instance(size?: number): Promise<{ readonly id: string; readonly volume: string }>;
  /** Onto a volume; with an instance onto its system volume. */
  create(
    links: Readonly<Record<string, string>>,
    options?: Partial<MigrationOptions>,
    instance?: string,
    source?: Partial<ImageSource>,
  ): Promise<string>;
  /** @throws when it does not come there in time */
  until(id: string, is: (migration: Migration) => boolean | Promise<boolean>, ms?: number): Promise<Migration>;
  disk(volume: string): Promise<Buffer>;
  forgetCheckpoints(): Promise<void>;
}

let started = 0;

export async function workerScene(where?: string): Promise<WorkerScene> {
  await using closing = new AsyncDisposableStack();
  const folder = await localFolder();
  const stores = closing.use(await openStores(where ?? join(folder, 'store.sqlite'), { secretKey: TEST_KEY }));
  const provider = closing.use(await openLocal(join(folder, 'cloud')));
  const server = closing.use(await startTestServer());
  const logged: string[] = [];
  const workers = closing.use(new AsyncDisposableStack());
  const open = closing.move();
  let key = 0;
  return {
    folder,
    stores,
    provider,
    server,
    logged,
    async start(changes = {}) {
      const worker = await startWorker({
        stores,
        provider,
        openImageSource: imageSourceOpener(LOOPBACK),
        sign: (receipt) => signReceipt(receipt, SIGNING_KEY),
        dataFolder: folder,
        id: `w${++started}`,
        host: 'here',
        version: '0.0.0',
        log: (level, message, about) => logged.push(`${level} ${message} ${JSON.stringify(about ?? {})}`),
        ...changes,
        times: { ...QUICK, ...changes.times },
      });
      workers.defer(() => worker.stop());
      return worker;
    },
    async volume(size = 16 * MiB) {
      return (await provider.createVolume({ ...PLACE, name: 'data', size }, { key: `key-${key++}` })).id;
    },
    async instance(systemSize = 16 * MiB) {
      const wanted = { ...PLACE, ...MACHINE, name: 'web', systemSize };
      const { id, systemVolume } = await provider.createInstance(wanted, { key: `key-${key++}` });
      return { id, volume: systemVolume };
    },
    async create(links, options = {}, instance, source = {}) {
      const images = Object.entries(links).map(([volume, link]) => {
        return { source: { ...PLAIN_SOURCE, ...source, link }, target: { volume, instance: instance ?? null } };
      });
      const kind = instance === undefined ? 'data' : 'instance';
      const request = sampleRequest({ kind, images, options: { startAfterwards: false, ...options } });
      return (await stores.migrations.create(request)).id;
    },
    until: (id, is, ms = 20_000) => untilSo(stores, { id, is, ms, logged }),
    disk: (volume) => readFile(join(folder, 'cloud', 'volumes', `${volume}.raw`)),
    forgetCheckpoints: () => emptied(join(folder, 'checkpoints')),
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

async function emptied(folder: string): Promise<void> {
  await rm(folder, { recursive: true });
  await mkdir(folder);
}

async function untilSo(
  { migrations }: Stores,
  how: { id: string; is: (migration: Migration) => boolean | Promise<boolean>; ms: number; logged: readonly string[] },
): Promise<Migration> {
  for (const end = performance.now() + how.ms; ; await sleep(20)) {
    const migration = await migrations.get(how.id);
    if (await how.is(migration)) return migration;
    if (performance.now() < end) continue;
    throw new Error(`still ${JSON.stringify(migration.standing)}\n${how.logged.slice(-20).join('\n')}`);
  }
}

/** `succeeded`, `waiting:link` … */
export function stands(name: string): (migration: Migration) => boolean {
  return ({ standing }) => (standing.state === 'waiting' ? `waiting:${standing.for}` : standing.state) === name;
}

/** What a person asks, where the migration stands now. */
export async function ask({ stores: { migrations } }: WorkerScene, id: string, event: UserEvent): Promise<void> {
  for (;;) {
    try {
      await migrations.request(id, (await migrations.get(id)).version, event);
      return;
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'version-conflict') throw error;
    }
  }
}
