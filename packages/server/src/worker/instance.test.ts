import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MiB } from '../../testing/local-cloud.ts';
import { QEMU } from '../../testing/local-scene.ts';
import { saysInTime } from '../../testing/provider-content.ts';
import { ETAG, expectFree } from '../../testing/worker-content.ts';
import { ask, stands, workerScene, type WorkerScene } from '../../testing/worker-scene.ts';
import { bootSector, type Then } from '../providers/local/guest/boot-sector.ts';

const ACCEPT = [
  'instance-will-be-stopped',
  'target-overwritten',
  'disk-size-known',
  'copy-goes-on',
  'guest-nature',
  'guest-firmware',
];
const NEW = bootDisk('the new one', 'halt');

function bootDisk(text: string, then: Then): Uint8Array {
  const disk = new Uint8Array(16 * MiB);
  disk.set(bootSector(text, then));
  return disk;
}

/** An instance that runs from its old disk. */
async function running(scene: WorkerScene, then: Then) {
  const { id, volume } = await scene.instance();
  {
    await using disk = await scene.provider.openVolume(volume, {});
    await disk.write(0, bootDisk('the old one', then));
  }
  await scene.provider.startInstance(id, { key: 'first start' });
  await saysInTime(scene.provider, id, 'the old one');
  const link = scene.server.serve('/new.raw.gz', { content: gzipSync(NEW), etag: ETAG });
  return { id, links: { [volume]: link } };
}

async function expectRunsNew(scene: WorkerScene, id: string): Promise<void> {
  await saysInTime(scene.provider, id, 'the new one');
  await expectFree(scene);
  await scene.provider.stopInstance(id, { key: 'last stop', graceMs: 0 });
}

describe.skipIf(QEMU === undefined)('an instance that runs [needs qemu-system-x86_64]', () => {
  it.each([
    ['stop', 'wait for the power button'],
    ['stop', 'halt'],
    ['force', 'halt'],
  ] as const)(
    'with %s is stopped (its guest does: %s), gets its disk, and starts from it',
    async (runningInstance, then) => {
      await using scene = await workerScene();
      const { id, links } = await running(scene, then);
      await scene.start({ times: { grace: 1000 } });
      const options = { runningInstance, startAfterwards: true, accept: ACCEPT };
      const migration = await scene.create(links, options, id);
      await scene.until(migration, stands('succeeded'), 60_000);
      const kinds = (await scene.stores.migrations.events(migration, 0)).map(({ event }) => event.kind);
      expect(kinds.filter((kind) => kind === 'stopped' || kind === 'started')).toEqual(['stopped', 'started']);
      await expectRunsNew(scene, id);
    },
  );

  it('is not stopped, and its disk not overwritten, before a person has accepted that as well', async () => {
    await using scene = await workerScene();
    const { id, links } = await running(scene, 'halt');
    await scene.start();
    const accept = ACCEPT.filter((code) => code !== 'target-overwritten');
    const migration = await scene.create(links, { runningInstance: 'force', accept }, id);
    const { standing } = await scene.until(migration, stands('waiting:person'));
    expect(standing).toMatchObject({ detail: expect.stringMatching(/^target-overwritten: .*its instance runs/) });
    expect((await scene.provider.getInstance(id)).state).toBe('running');
    await ask(scene, migration, { kind: 'resume-asked', accept: ['target-overwritten'], by: 'ann' });
    await scene.until(migration, stands('succeeded'), 60_000);
  });

  it('with refuse is left alone, a person is asked, and may stop it', async () => {
    await using scene = await workerScene();
    const { id, links } = await running(scene, 'halt');
    await scene.start();
    const options = { runningInstance: 'refuse', startAfterwards: true, accept: ACCEPT } as const;
    const migration = await scene.create(links, options, id);
    const { standing } = await scene.until(migration, stands('waiting:person'));
    expect(standing).toMatchObject({ detail: expect.stringMatching(/^instance-running: /) });
    expect((await scene.provider.getInstance(id)).state).toBe('running');
    await expectFree(scene);
    await scene.provider.stopInstance(id, { key: 'by hand', graceMs: 0 });
    await ask(scene, migration, { kind: 'resume-asked', by: 'ann' });
    await scene.until(migration, stands('succeeded'), 60_000);
    await expectRunsNew(scene, id);
  });
});
