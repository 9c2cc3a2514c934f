import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { startTestServer, type TestServer } from '../../packages/engine/testing/test-server.ts';
import { MiB } from '../../packages/server/testing/local-cloud.ts';
import { programPath } from '../../packages/server/testing/postgres-programs.ts';
import { startPostgres } from '../../packages/server/testing/postgres-server.ts';
import { bootableDisk } from '../../packages/server/testing/worker-content.ts';
import {
  diskOf,
  expectOnDisk,
  landed,
  makeVolume,
  measured,
  migrate,
  show,
  until,
} from '../parts/service-migrations.ts';
import { ServiceProcess } from '../parts/service-process.ts';
import { canMount, smallDisk } from '../parts/small-disk.ts';

const SIZE = 24 * MiB;
const CONTENT = bootableDisk(SIZE);
const SLOW = { bandwidth: 6 * MiB };

describe('a service whose surroundings fail', async () => {
  const root = await tempFolder();
  let server: TestServer;
  let link: string;

  beforeAll(async () => {
    server = await startTestServer();
    link = server.serve('/disk.raw', { content: CONTENT, etag: '"one"' });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.skipIf(!canMount)('says that the disk of its volumes is full, and goes on by itself [needs root]', async () => {
    const folder = join(root, 'volumes');
    await using disk = await smallDisk(folder, SIZE + 8 * MiB);
    await using service = await ServiceProcess.start({
      data: join(root, 'one'),
      env: { DISKFERRY_LOCAL_FOLDER: folder },
    });
    const volume = await makeVolume(service, SIZE);
    const id = await migrate(service, { link, volume, options: SLOW });
    await until(service, id, 'transferring');
    await disk.fill();
    expect(await stallOf(service, id)).toMatchObject({
      code: 'target-full',
      message: expect.stringContaining('ENOSPC'),
    });
    expect((await show(service, id)).state).toBe('transferring');
    await disk.freeUp();
    await until(service, id, 'succeeded');
    await expectOnDisk(join(folder, 'volumes', `${volume}.raw`), CONTENT);
  });

  it.skipIf(!canMount)(
    'lives through a full disk with everything on it, and goes on by itself [needs root]',
    async () => {
      const data = join(root, 'two');
      await using disk = await smallDisk(data, SIZE + 16 * MiB);
      await using service = await ServiceProcess.start({ data });
      const volume = await makeVolume(service, SIZE);
      const id = await migrate(service, { link, volume, options: SLOW });
      await until(service, id, 'transferring');
      await disk.fill();
      await sleep(3000);
      const refused = await problemOf(service, 'PUT', '/api/v1/settings');
      expect(refused).toMatchObject({ status: 503, code: 'store-unavailable' });
      expect(refused.detail).toContain('full');
      expect((await show(service, id)).state).toBe('transferring');
      await disk.freeUp();
      await until(service, id, 'succeeded');
      await expectOnDisk(diskOf(service, volume), CONTENT);
    },
  );

  const title = 'says that its database is away, and goes on by itself when that is back [needs postgresql]';
  it.skipIf(programPath('postgres') === undefined)(title, { timeout: 120_000 }, async () => {
    await using postgres = await startPostgres({ durable: true });
    const env = {
      DISKFERRY_DATABASE: await postgres.create(),
      DISKFERRY_SECRET_KEY: randomBytes(32).toString('base64'),
      DISKFERRY_LEASE_SECONDS: '3',
    };
    await using service = await ServiceProcess.start({ data: join(root, 'three'), env });
    const volume = await makeVolume(service, SIZE);
    const id = await migrate(service, { link, volume, options: SLOW });
    await until(service, id, (migration) => landed(migration) > 0);
    await postgres.crash();
    expect(await problemOf(service, 'GET', `/api/v1/migrations/${id}`)).toMatchObject({
      status: 503,
      code: 'store-unavailable',
      remedy: expect.stringMatching(/./),
    });
    expect(await ready(service)).toEqual({ status: 503, body: { ready: false, store: false, worker: false } });
    expect((await fetch(`${service.address}/healthz`)).status).toBe(200);
    const listed = await service.run('migrations', 'list');
    expect(listed.code, listed.stderr).toBe(1);
    expect(listed.stderr).toContain('[store-unavailable]');
    await postgres.start();
    await until(service, id, 'succeeded');
    await expectOnDisk(diskOf(service, volume), CONTENT);
    expect(await ready(service)).toEqual({ status: 200, body: { ready: true, store: true, worker: true } });
  });
});

async function stallOf(service: ServiceProcess, id: string) {
  for await (const { stall } of measured(service, id)) if (stall !== null) return stall;
  throw new Error('the stream has ended');
}

async function ready({ address }: ServiceProcess): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${address}/readyz`);
  return { status: response.status, body: await response.json() };
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** A change is sent back what was read. */
async function problemOf({ address, token }: ServiceProcess, method: 'GET' | 'PUT', path: string): Promise<Problem> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = method === 'GET' ? undefined : await (await fetch(address + path, { headers })).text();
  const response = await fetch(address + path, { method, headers, ...(body === undefined ? {} : { body }) });
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return (await response.json()) as Problem;
}
