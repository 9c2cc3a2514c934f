import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { startTestServer, type TestServer } from '../../packages/engine/testing/test-server.ts';
import { answerOf } from '../../packages/cli/src/service/call.ts';
import { MiB } from '../../packages/server/testing/local-cloud.ts';
import { bootableDisk } from '../../packages/server/testing/worker-content.ts';
import {
  diskOf,
  eventsOf,
  expectOnDisk,
  landed,
  makeVolume,
  migrate,
  set,
  show,
  speedOf,
  until,
} from '../parts/service-migrations.ts';
import { ServiceProcess } from '../parts/service-process.ts';

const SIZE = 96 * MiB;
const CONTENT = bootableDisk(SIZE);
const SMALL = bootableDisk(2 * MiB);
/** So slow that much is left to do at its end, also where each command takes seconds to start. */
const SLOW = MiB;
const SWARM = 20;

describe('a service that is steered while it works', { timeout: 180_000 }, async () => {
  const root = await tempFolder();
  let server: TestServer;
  let service: ServiceProcess;
  let link: string;

  beforeAll(async () => {
    server = await startTestServer();
    link = server.serve('/disk.raw', { content: CONTENT, etag: '"one"' });
    service = await ServiceProcess.start({ data: join(root, 'data') });
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it(
    'pauses, resumes, changes its speed, cancels, and tries again from where it stood',
    { timeout: 180_000 },
    async () => {
      const volume = await makeVolume(service, SIZE);
      const id = await migrate(service, { link, volume, options: { bandwidth: SLOW } });
      await until(service, id, (migration) => landed(migration) > 0);
      const slow = await speedOf(service, id);
      expect(slow).toBeLessThan(SLOW * 3);

      await service.ask('migrations', 'pause', id);
      await until(service, id, 'paused');
      await until(service, id, ({ worker }) => worker === null);
      await sleep(300);
      const still = server.sent;
      await sleep(700);
      expect(server.sent).toBe(still);
      await service.ask('migrations', 'resume', id);

      await until(service, id, 'transferring');
      await service.ask('migrations', 'bandwidth', id, '8MiB');
      expect(await speedOf(service, id)).toBeGreaterThan(slow * 1.3);

      await answerOf(service.client.POST('/api/v1/migrations/{id}/actions/cancel', { params: { path: { id } } }));
      const { images } = await until(service, id, 'cancelled');
      const { kind, words, bytes } = images[0]?.content ?? {};
      expect(kind).toBe('partly');
      expect(words).toMatch(/\d+ %/);
      // The provider lets go once the end is in the log, and not before.
      await expect.poll(() => heldBy(service, volume), { timeout: 5000 }).toBeNull();

      expect((await show(service, id)).retryGoesOn).toBe(true);
      await service.ask('migrations', 'bandwidth', id, 'none').catch(() => undefined);
      const before = server.sent;
      await service.ask('migrations', 'retry', id);
      await until(service, id, 'succeeded');
      expect(server.sent - before).toBeLessThan(SIZE - (bytes ?? 0) + 12 * MiB);
      await expectOnDisk(diskOf(service, volume), CONTENT);
    },
  );

  it(
    'hands back what it does when it is told to end, and goes on at once after its start',
    { timeout: 180_000 },
    async () => {
      const data = join(root, 'ended');
      const env = { DISKFERRY_LEASE_SECONDS: '600' };
      const first = await ServiceProcess.start({ data, env });
      const volume = await makeVolume(first, SIZE);
      const id = await migrate(first, { link, volume, options: { bandwidth: SLOW } });
      await until(first, id, (migration) => landed(migration) > 0);
      const begun = performance.now();
      expect(await first.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
      expect(performance.now() - begun).toBeLessThan(5000);

      await using second = await ServiceProcess.start({ data, env });
      const found = await show(second, id);
      expect(landed(found)).toBeGreaterThan(0);
      await answerOf(
        second.client.POST('/api/v1/migrations/{id}/actions/change-bandwidth', {
          params: { path: { id } },
          body: { bandwidth: null },
        }),
      );
      await until(second, id, 'succeeded');
      await expectOnDisk(diskOf(second, volume), CONTENT);
      expect((await eventsOf(second, id)).filter(({ kind }) => kind === 'taken')).toHaveLength(2);
    },
  );

  it(`ends ${SWARM} at once, and never does more than is allowed`, async () => {
    const small = server.serve('/small.raw', { content: SMALL, etag: '"small"' });
    await set(service, ({ concurrency }) => Object.assign(concurrency, { worker: 4, host: 2 }));
    const volumes = await Promise.all(Array.from({ length: SWARM }, () => makeVolume(service, 2 * MiB)));
    const ids = await Promise.all(volumes.map((volume) => migrate(service, { link: small, volume })));
    let most = 0;
    for (const end = performance.now() + 60_000; ; await sleep(20)) {
      const { items } = await answerOf(service.client.GET('/api/v1/migrations', { params: { query: { limit: 100 } } }));
      const ours = items.filter(({ id }) => ids.includes(id));
      most = Math.max(most, ours.filter(({ worker }) => worker !== null).length);
      if (ours.every(({ state }) => state === 'succeeded')) break;
      const ended = ours.find(({ state }) => state === 'failed' || state === 'waiting');
      if (ended !== undefined || performance.now() > end)
        throw new Error(JSON.stringify(ended ?? ours.map(({ state }) => state)));
    }
    expect(most).toBe(2);
    for (const volume of volumes) await expectOnDisk(diskOf(service, volume), SMALL);
  });
});

async function heldBy({ client }: ServiceProcess, volume: string): Promise<unknown> {
  const { heldBy: holder } = await answerOf(client.GET('/api/v1/volumes/{id}', { params: { path: { id: volume } } }));
  return holder;
}
