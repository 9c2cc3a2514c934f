import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MiB } from '../../testing/local-cloud.ts';
import { bootableDisk, ETAG, expectFree, expectLanded } from '../../testing/worker-content.ts';
import { ask, stands, workerScene, type WorkerScene } from '../../testing/worker-scene.ts';
import type { Migration } from '../migrations/migration.ts';

/** Large enough for some commits, and read in some seconds. */
const LARGE = bootableDisk(64 * MiB);
const SLOW = 24 * MiB;
const by = 'ann';

/** A migration of which a part is on its disk, durable. */
async function halfWay(scene: WorkerScene) {
  const volume = await scene.volume(64 * MiB);
  const link = scene.server.serve('/disk.raw', { content: LARGE, etag: ETAG });
  await scene.start();
  const id = await scene.create({ [volume]: link }, { bandwidth: SLOW });
  await scene.until(id, isHalfWay);
  return { id, volume };
}

function isHalfWay({ images: [image] }: Migration): boolean {
  return image?.content.kind === 'partly' && image.content.bytes >= 16 * MiB;
}

describe('what a person asks in the middle of a copy', () => {
  it('a pause is there within a second or two, nothing is read any more, and resuming goes on', async () => {
    await using scene = await workerScene();
    const { id, volume } = await halfWay(scene);
    const asked = performance.now();
    await ask(scene, id, { kind: 'pause-asked', by });
    const { locks } = await scene.until(id, stands('paused'));
    expect(performance.now() - asked).toBeLessThan(2500);
    expect(locks).toEqual([`volume:${volume}`]);
    await expect(scene.provider.deleteVolume(volume, { key: 'x' })).rejects.toMatchObject({ code: 'held' });
    const { sent } = scene.server;
    await sleep(300);
    expect(scene.server.sent).toBe(sent);
    await ask(scene, id, { kind: 'bandwidth-changed', bandwidth: null, by });
    await ask(scene, id, { kind: 'resume-asked', by });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, LARGE);
    await expectFree(scene);
    expect(scene.server.sent - sent).toBeLessThan(LARGE.length - 16 * MiB + 2 * MiB);
  });

  it('a cancelled one says what the disk holds, and a retry goes on from there', async () => {
    await using scene = await workerScene();
    const { id, volume } = await halfWay(scene);
    await ask(scene, id, { kind: 'cancel-asked', by });
    const { standing, locks, images } = await scene.until(id, stands('cancelled'));
    expect(standing).toMatchObject({ goesOn: true });
    expect(locks).toEqual([]);
    expect(images[0]?.content).toMatchObject({ kind: 'partly', of: LARGE.length });
    await expectFree(scene);
    const { sent } = scene.server;
    await ask(scene, id, { kind: 'retry-asked', by });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, LARGE);
    // What is read besides is the look of the check.
    expect(scene.server.sent - sent).toBeLessThan(LARGE.length - 16 * MiB + 8 * MiB);
  });

  it('a retry does not go on over a disk that somebody else wrote meanwhile', async () => {
    await using scene = await workerScene();
    const { id, volume } = await halfWay(scene);
    await ask(scene, id, { kind: 'cancel-asked', by });
    await scene.until(id, stands('cancelled'));
    await expectFree(scene);
    await using disk = await scene.provider.openVolume(volume, {});
    await disk.write(2 * MiB, new Uint8Array(512).fill(0xee));
    await disk[Symbol.asyncDispose]();
    await ask(scene, id, { kind: 'retry-asked', by });
    const { standing } = await scene.until(id, stands('failed'));
    expect(standing).toMatchObject({ code: 'disk-changed', goesOn: false });
    await ask(scene, id, { kind: 'retry-asked', by });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, LARGE);
  });

  it('what is not verified is written again after a cancel: nobody could tell whether it is still there', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume(64 * MiB);
    const link = scene.server.serve('/disk.raw', { content: LARGE, etag: ETAG });
    await scene.start();
    const id = await scene.create({ [volume]: link }, { bandwidth: SLOW, verify: 'none' });
    await scene.until(id, ({ images: [image] }) => image?.content.kind === 'partly');
    await ask(scene, id, { kind: 'cancel-asked', by });
    expect((await scene.until(id, stands('cancelled'))).standing).toMatchObject({ goesOn: false });
    await ask(scene, id, { kind: 'retry-asked', by });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, LARGE);
  });

  it('a cancel outdoes a pause that is not confirmed yet', async () => {
    await using scene = await workerScene();
    const { id } = await halfWay(scene);
    await ask(scene, id, { kind: 'pause-asked', by });
    await ask(scene, id, { kind: 'cancel-asked', by });
    await scene.until(id, stands('cancelled'));
    await expectFree(scene);
  });

  it('one that is cancelled while it is paused holds nothing any more, though nobody works on it', async () => {
    await using scene = await workerScene();
    const { id } = await halfWay(scene);
    await ask(scene, id, { kind: 'pause-asked', by });
    await scene.until(id, stands('paused'));
    await ask(scene, id, { kind: 'cancel-asked', by });
    await expectFree(scene);
  });

  it('a changed bandwidth is that of the copy that runs', async () => {
    await using scene = await workerScene();
    const { id } = await halfWay(scene);
    await ask(scene, id, { kind: 'bandwidth-changed', bandwidth: 1000, by });
    await sleep(1500);
    const { sent } = scene.server;
    await sleep(500);
    expect(scene.server.sent - sent).toBeLessThan(4 * MiB);
    await ask(scene, id, { kind: 'bandwidth-changed', bandwidth: null, by });
    await scene.until(id, stands('succeeded'));
  });
});

describe('a worker that ends', () => {
  it('keeps what was done and gives the migration back, and another one goes on at once', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume(64 * MiB);
    const link = scene.server.serve('/disk.raw', { content: LARGE, etag: ETAG });
    const first = await scene.start({ times: { lease: 60_000 } });
    const id = await scene.create({ [volume]: link }, { bandwidth: SLOW });
    await scene.until(id, isHalfWay);
    await first.stop();
    const { standing } = await scene.stores.migrations.get(id);
    expect(standing).toEqual({ state: 'transferring' });
    expect(await scene.stores.fleet.workers(60_000)).toEqual([]);
    const { sent } = scene.server;
    const begun = performance.now();
    const second = await scene.start();
    await scene.until(id, ({ worker }) => worker === second.id);
    expect(performance.now() - begun).toBeLessThan(3000);
    await ask(scene, id, { kind: 'bandwidth-changed', bandwidth: null, by });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, LARGE);
    expect(scene.server.sent - sent).toBeLessThan(LARGE.length - 16 * MiB + 2 * MiB);
  });
});
