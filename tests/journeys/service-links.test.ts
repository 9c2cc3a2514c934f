import { join } from 'node:path';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { startTestServer, type TestServer } from '../../packages/engine/testing/test-server.ts';
import { answerOf } from '../../packages/cli/src/service/call.ts';
import { MiB } from '../../packages/server/testing/local-cloud.ts';
import { bootableDisk } from '../../packages/server/testing/worker-content.ts';
import { diskOf, expectOnDisk, landed, makeVolume, migrate, show, until } from '../parts/service-migrations.ts';
import { ServiceProcess } from '../parts/service-process.ts';

const SIZE = 64 * MiB;
const CONTENT = bootableDisk(SIZE);
const OTHER = CONTENT.map((byte, index) => (index % 4099 === 7 ? byte ^ 1 : byte));
/** What a look at a source may read of it: tables, and a little to measure its speed. */
const LOOKS = 2 * 5 * MiB;
const EXPIRED = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';

describe('links that a service is given', { timeout: 180_000 }, async () => {
  const root = await tempFolder();
  let server: TestServer;
  let service: ServiceProcess;
  const expired = new Set<string>();

  beforeAll(async () => {
    server = await startTestServer();
    server.guard(({ path }) => {
      const signature = /signature=(\w+)/.exec(path)?.[1] ?? '';
      return expired.has(signature) ? { status: 403, body: EXPIRED } : undefined;
    });
    service = await ServiceProcess.start({ data: join(root, 'data') });
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it('go on where they stood when a new one takes the place of one that has expired', async () => {
    const link = server.serve('/disk.raw', { content: CONTENT, etag: '"one"' });
    const other = server.serve('/other.raw', { content: OTHER, etag: '"two"' });
    const volume = await makeVolume(service, SIZE);
    const id = await migrate(service, {
      link: `${link}?signature=first`,
      volume,
      options: { bandwidth: 16 * MiB },
    });
    await until(service, id, (migration) => landed(migration) > 8 * MiB);
    expired.add('first');
    const waiting = await until(service, id, 'waiting');
    expect(waiting).toMatchObject({ waitsFor: 'link', locks: [`volume:${volume}`] });
    expect(waiting.waitDetail).toMatch(/^source-expired: .*expired/);
    expect(waiting.actions.find(({ action }) => action === 'resume')).toMatchObject({ code: 'needs-a-link' });

    const refused = await service.run('migrations', 'replace-link', id, `${link}?signature=first`);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain('[source-expired]');
    await service.ask('migrations', 'replace-link', id, other);
    const still = await until(service, id, ({ waitDetail }) => waitDetail?.includes('another-object') === true);
    expect(still).toMatchObject({ state: 'waiting', waitsFor: 'link' });

    const stood = landed(still);
    const before = server.sent;
    await service.ask('migrations', 'replace-link', id, `${link}?signature=second`);
    await service.ask('migrations', 'bandwidth', id, 'none');
    await until(service, id, 'succeeded');
    expect(stood).toBeGreaterThan(8 * MiB);
    expect(server.sent - before).toBeLessThan(SIZE - stood + LOOKS);
    await expectOnDisk(diskOf(service, volume), CONTENT);
  });

  it('are refused where the administrator has not allowed them, and nothing is changed', async () => {
    await using strict = await ServiceProcess.start({
      data: join(root, 'strict'),
      env: { DISKFERRY_SOURCE_RANGES: '', DISKFERRY_SOURCE_HOSTS: 'localhost' },
    });
    const volume = await makeVolume(strict, SIZE);
    const secret = join(root, 'secret.raw');
    await writeFile(secret, CONTENT);
    const link = server.serve('/disk.raw', { content: CONTENT, etag: '"one"' });
    const before = server.requests.length;
    for (const refused of [
      link,
      link.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
      link.replace('127.0.0.1', '2130706433'),
    ]) {
      await expect(migrate(strict, { link: refused, volume })).rejects.toMatchObject({ code: 'preflight-blocked' });
    }
    expect(server.requests).toHaveLength(before);
    await expect(migrate(strict, { link: `file://${secret}`, volume })).rejects.toMatchObject({
      code: 'preflight-blocked',
    });
    // A host that is allowed leads to one that is not.
    server.fault({ kind: 'redirect', to: link.replace('127.0.0.1', '127.0.0.2') }, { times: 9 });
    const named = link.replace('127.0.0.1', 'localhost');
    await expect(migrate(strict, { link: named, volume })).rejects.toMatchObject({ code: 'preflight-blocked' });
    expect((await answerOf(strict.client.GET('/api/v1/migrations'))).items).toEqual([]);
  });

  it('to files are taken below the folders that are listed, and nowhere else', async () => {
    const folder = join(root, 'images');
    await using open = await ServiceProcess.start({
      data: join(root, 'open'),
      env: { DISKFERRY_SOURCE_FOLDERS: folder },
    });
    await mkdir(folder);
    await writeFile(join(folder, 'disk.raw'), CONTENT);
    await writeFile(join(root, 'outside.raw'), CONTENT);
    await symlink(join(root, 'outside.raw'), join(folder, 'led-out.raw'));
    const volume = await makeVolume(open, SIZE);
    for (const path of [
      `${folder}/../outside.raw`,
      `${folder}/led-out.raw`,
      '/etc/passwd',
      `${root}/open/secret.key`,
    ]) {
      await expect(migrate(open, { link: `file://${path}`, volume })).rejects.toMatchObject({
        code: 'preflight-blocked',
      });
    }
    const id = await migrate(open, { link: `file://${folder}/disk.raw`, volume });
    await until(open, id, 'succeeded');
    await expectOnDisk(diskOf(open, volume), CONTENT);
    expect((await show(open, id)).images[0]?.source.link).toBe(`file://${folder}/disk.raw`);
  });
});
