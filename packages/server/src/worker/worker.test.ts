import { MAP_STATES } from '@diskferry/protocol';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { diskContent } from '../../testing/disks.ts';
import { MiB } from '../../testing/local-cloud.ts';
import { DISK, ETAG, expectFree, expectLanded, QCOW2 } from '../../testing/worker-content.ts';
import { stands, workerScene } from '../../testing/worker-scene.ts';

describe('a migration, from a link to the disk', () => {
  it.each(['none', 'written', 'full'] as const)(
    'lands two images on volumes, verify %s, with a receipt',
    async (verify) => {
      await using scene = await workerScene();
      const [one, two] = [await scene.volume(), await scene.volume(20 * MiB)];
      const links = {
        [one]: scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG }),
        [two]: scene.server.serve('/disk.raw', { content: DISK, etag: ETAG }),
      };
      await scene.start();
      const id = await scene.create(links, { verify });
      await scene.until(id, stands('succeeded'));
      await expectLanded(scene, one);
      await expectLanded(scene, two);
      await expectFree(scene);
      const { receipt } = await scene.stores.receipts.read(id);
      expect(receipt.images).toMatchObject([
        { virtualSize: DISK.length, readBack: verify, target: { provider: scene.provider.name, volume: one } },
        { virtualSize: DISK.length, target: { volume: two, size: 20 * MiB } },
      ]);
      const digests = receipt.images.map(({ digest }) => digest);
      expect(digests[0]).toBe(digests[1]);
      expect(digests[0] === null).toBe(verify === 'none');
      const maps = await scene.stores.diskMaps.read(id);
      const [done, other] = verify === 'none' ? ['copied', 'verified'] : ['verified', 'copied'];
      for (const image of [0, 1]) {
        const states = maps.get(image)?.runs.map(([state]) => MAP_STATES[state ?? -1]);
        expect(states).toContain(done);
        for (const left of [other, 'waiting', 'unknown', 'failed']) expect(states).not.toContain(left);
      }
    },
  );

  it('forgets what opened the source once it has succeeded', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume(20 * MiB);
    const link = `${scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG })}?sig=x`;
    const credentials = await scene.stores.secrets.seal({ link });
    await scene.start();
    const id = await scene.create({ [volume]: link.replace('=x', '=***') }, {}, undefined, { credentials });
    await scene.until(id, stands('succeeded'));
    await expectFree(scene);
    const gone = { code: 'secret-unreadable' };
    await expect
      .poll(() => scene.stores.secrets.open(credentials).catch((error: unknown) => error))
      .toMatchObject(gone);
  });

  it('lands a disk whose size only the end of its stream tells', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume(20 * MiB);
    const link = scene.server.serve('/disk.raw.gz', { content: gzipSync(DISK), etag: ETAG });
    await scene.start();
    const id = await scene.create({ [volume]: link }, { accept: ['disk-size-known'] });
    const { images } = await scene.until(id, stands('succeeded'));
    expect(images[0]).toMatchObject({ size: DISK.length, content: { kind: 'complete', verified: true } });
    await expectLanded(scene, volume);
  });

  it('lands over what a volume held before, also in its holes, once that was accepted', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume(20 * MiB);
    await using old = await scene.provider.openVolume(volume, {});
    await old.write(0, diskContent('random', 20 * MiB));
    await old[Symbol.asyncDispose]();
    const link = scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG });
    await scene.start();
    const id = await scene.create({ [volume]: link });
    const { standing, checks } = await scene.until(id, stands('waiting:person'));
    expect(standing).toMatchObject({ detail: expect.stringContaining('target-overwritten') });
    expect(checks.map(({ code }) => code)).toContain('target-overwritten');
    await expectFree(scene);
    const { version } = await scene.stores.migrations.get(id);
    await scene.stores.migrations.request(id, version, {
      kind: 'resume-asked',
      by: 'ann',
      accept: ['target-overwritten'],
    });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume);
  });
});
