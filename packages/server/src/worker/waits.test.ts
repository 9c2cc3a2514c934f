import { describe, expect, it } from 'vitest';
import { MiB } from '../../testing/local-cloud.ts';
import { bootableDisk, DISK, ETAG, expectFree, expectLanded, QCOW2 } from '../../testing/worker-content.ts';
import { ask, stands, workerScene, type WorkerScene } from '../../testing/worker-scene.ts';
import type { Migration } from '../migrations/migration.ts';

const LARGE = bootableDisk(64 * MiB);
const by = 'ann';

function detailOf({ standing }: Migration): string {
  return standing.state === 'waiting' ? (standing.detail ?? '') : JSON.stringify(standing);
}

function newLink(link: string, image = 0) {
  return { kind: 'link-replaced', image, link, credentials: null, by } as const;
}

/** Refuses everything but what a test lets through. */
function denies(scene: WorkerScene, path: string, status = 403): { deny: boolean } {
  const door = { deny: true };
  scene.server.guard((request) => (door.deny && request.path.startsWith(path) ? { status } : undefined));
  return door;
}

/** A migration of which a part is durable. */
async function halfWay(scene: WorkerScene) {
  const volume = await scene.volume(64 * MiB);
  const object = { content: LARGE, etag: ETAG };
  const link = scene.server.serve('/a/disk.raw', object);
  await scene.start();
  const id = await scene.create({ [volume]: link }, { bandwidth: 24 * MiB });
  await scene.until(id, ({ images: [image] }) => image?.content.kind === 'partly' && image.content.bytes >= 16 * MiB);
  return { id, volume, object };
}

describe('before a byte is written', () => {
  it('a link that nothing lies at is waited for, and the new one lands', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume();
    await scene.start();
    const id = await scene.create({ [volume]: `${scene.server.origin}/gone.qcow2` });
    const waiting = await scene.until(id, stands('waiting:link'));
    expect(detailOf(waiting)).toMatch(/^link-not-found: .*404/);
    expect(waiting.checks.some(({ code, verdict }) => code === 'link-not-found' && verdict === 'block')).toBe(true);
    await expectFree(scene);
    await ask(scene, id, newLink(scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG })));
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume);
  });

  it('credentials that are refused are waited for', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume();
    denies(scene, '/disk.qcow2');
    await scene.start();
    const id = await scene.create({ [volume]: scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG }) });
    await scene.until(id, stands('waiting:credentials'));
    await ask(scene, id, newLink(scene.server.serve('/other/disk.qcow2', { content: QCOW2, etag: ETAG })));
    await scene.until(id, stands('succeeded'));
  });

  it('a person is asked where the disk does not fit, and nothing is held meanwhile', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume(8 * MiB);
    await scene.start();
    const link = scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG });
    const id = await scene.create({ [volume]: link });
    const waiting = await scene.until(id, stands('waiting:person'));
    const blocked = waiting.checks.filter(({ verdict }) => verdict === 'block').map(({ code }) => code);
    expect(blocked).toEqual(['file-fits', 'disk-fits']);
    expect(detailOf(waiting)).toMatch(/^file-fits: .*10027008.*8388608/);
    await expectFree(scene);
    await scene.provider.growVolume(volume, { key: 'grow', size: 16 * MiB });
    await ask(scene, id, { kind: 'resume-asked', by });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume);
  });

  it('what somebody else holds is waited for as long as patience lasts, then a person is asked', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume();
    await scene.provider.hold({ kind: 'volume', id: volume }, { holder: 'backup', why: 'a backup reads it' });
    await scene.start({ times: { patience: 300 } });
    const link = scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG });
    const id = await scene.create({ [volume]: link });
    expect(detailOf(await scene.until(id, stands('waiting:person')))).toContain('held');
    await scene.provider.release({ kind: 'volume', id: volume }, 'backup');
    await ask(scene, id, { kind: 'resume-asked', by });
    await scene.until(id, stands('succeeded'));
  });

  it('two migrations onto one volume: the second asks a person, and names the first', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume(64 * MiB);
    const link = scene.server.serve('/disk.raw', { content: LARGE, etag: ETAG });
    await scene.start();
    const first = await scene.create({ [volume]: link }, { bandwidth: 16 * MiB });
    await scene.until(first, stands('transferring'));
    const second = await scene.create({ [volume]: link });
    expect(detailOf(await scene.until(second, stands('waiting:person')))).toContain(first);
    await scene.until(first, stands('succeeded'));
  });
});

describe('in the middle of a copy', () => {
  it('refused credentials are waited for; another object is refused; the same one goes on', async () => {
    await using scene = await workerScene();
    const { id, volume, object } = await halfWay(scene);
    denies(scene, '/a/');
    await scene.until(id, stands('waiting:credentials'));
    await expect(scene.provider.deleteVolume(volume, { key: 'x' })).rejects.toMatchObject({ code: 'held' });
    const other = scene.server.serve('/b/disk.raw', { content: bootableDisk(32 * MiB), etag: '"two"' });
    await ask(scene, id, newLink(other));
    expect(detailOf(await scene.until(id, stands('waiting:link')))).toContain('another object');
    const { sent } = scene.server;
    await ask(scene, id, { kind: 'bandwidth-changed', bandwidth: null, by });
    await ask(scene, id, newLink(scene.server.serve('/c/disk.raw', object)));
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, LARGE);
    // What is read besides is the look of the check.
    expect(scene.server.sent - sent).toBeLessThan(LARGE.length - 16 * MiB + 8 * MiB);
  });

  it('a changed object fails it, and a retry takes the new one from its start', async () => {
    await using scene = await workerScene();
    const { id, volume, object } = await halfWay(scene);
    const changed = bootableDisk(48 * MiB);
    Object.assign(object, { content: changed, etag: '"two"' });
    const { standing } = await scene.until(id, stands('failed'));
    expect(standing).toMatchObject({ code: 'source-changed', goesOn: false });
    await expectFree(scene);
    await ask(scene, id, { kind: 'retry-asked', by });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, changed);
  });

  it('a lost checkpoint fails it: what was written is not known any more', async () => {
    await using scene = await workerScene();
    const { id, volume } = await halfWay(scene);
    await ask(scene, id, { kind: 'pause-asked', by });
    await scene.until(id, stands('paused'));
    await scene.forgetCheckpoints();
    await ask(scene, id, { kind: 'resume-asked', by });
    expect((await scene.until(id, stands('failed'))).standing).toMatchObject({
      code: 'checkpoint-lost',
      goesOn: false,
    });
    await ask(scene, id, { kind: 'retry-asked', by });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, LARGE);
  });
});

it('more migrations than may run at once wait for their turn, on each worker and by source host', async () => {
  await using scene = await workerScene();
  const { version } = await scene.stores.settings.read();
  const limits = { worker: 3, host: 1, provider: null };
  const bandwidth = { global: { rate: 8 * MiB, windows: [] }, hosts: {} };
  await scene.stores.settings.write({ bandwidth, concurrency: limits }, version);
  const link = scene.server.serve('/disk.raw', { content: DISK, etag: ETAG });
  const ids = [];
  for (let turn = 0; turn < 3; turn++) ids.push(await scene.create({ [await scene.volume()]: link }));
  let most = 0;
  await scene.start();
  await scene.until(
    ids[2] ?? '',
    async () => {
      most = Math.max(most, (await scene.stores.migrations.running()).hosts[new URL(link).host] ?? 0);
      return (await scene.stores.migrations.counts()).succeeded === 3;
    },
    40_000,
  );
  expect(most).toBe(1);
});
