import { gzipSync } from 'node:zlib';
import { MAP_STATES, type LiveProgress } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { faultyTarget, type Fault } from '../../testing/disks.ts';
import { MiB } from '../../testing/local-cloud.ts';
import { withCalls, withTargets } from '../../testing/provider-with.ts';
import { bootableDisk, ETAG, expectFree, expectLanded, QCOW2 } from '../../testing/worker-content.ts';
import { ask, stands, workerScene, type WorkerScene } from '../../testing/worker-scene.ts';
import { ServiceError } from '../base/errors.ts';
import { ProviderError } from '../providers/provider-error.ts';

const LARGE = bootableDisk(64 * MiB);
const by = 'ann';

/** A scene whose disks have faults; each opening meets what is left of them. */
async function onBadDisk(scene: WorkerScene, faults: Fault[], patience = 60_000) {
  const volume = await scene.volume(64 * MiB);
  const provider = withTargets(scene.provider, (target) => faultyTarget(target, faults));
  await scene.start({ provider, times: { patience } });
  const link = scene.server.serve('/disk.raw', { content: LARGE, etag: ETAG });
  return { volume, id: await scene.create({ [volume]: link }) };
}

const mapStates = (live: LiveProgress | undefined) => (live?.map?.runs ?? []).map(([state = -1]) => MAP_STATES[state]);

describe('a disk that fails', () => {
  it('full: it is said, tried again for as long as it takes, and goes on by itself once there is room', async () => {
    await using scene = await workerScene();
    const faults: Fault[] = [{ kind: 'error', errno: 'ENOSPC', after: 6, times: 1e9 }];
    const { volume, id } = await onBadDisk(scene, faults, 1);
    await scene.until(id, async () => (await scene.stores.live.read(id))?.stall?.code === 'target-full');
    const live = await scene.stores.live.read(id);
    expect(live?.stall?.nextTryAt).toBeGreaterThan(0);
    // The map that was coded before the fault is shown for two seconds more.
    await scene.until(id, async () => mapStates(await scene.stores.live.read(id)).includes('failed'));
    expect(mapStates(await scene.stores.live.read(id))).toContain('waiting');
    faults.length = 0;
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, LARGE);
  });

  it('broken: after the patience a person is asked, and it goes on where it stood', async () => {
    await using scene = await workerScene();
    const faults: Fault[] = [{ kind: 'error', errno: 'EIO', at: 40 * MiB, times: 1e9 }];
    const { volume, id } = await onBadDisk(scene, faults, 500);
    const { standing } = await scene.until(id, stands('waiting:person'));
    expect(standing).toMatchObject({ detail: expect.stringMatching(/^target-write: .*EIO/) });
    faults.length = 0;
    await ask(scene, id, { kind: 'resume-asked', by });
    await scene.until(id, stands('succeeded'));
    await expectLanded(scene, volume, LARGE);
  });

  it('that gives back other bytes than were written ends it: the disk cannot be trusted', async () => {
    await using scene = await workerScene();
    const { id } = await onBadDisk(scene, [{ kind: 'flip', at: 20 * MiB, times: 1e9 }]);
    const { standing } = await scene.until(id, stands('failed'));
    expect(standing).toMatchObject({ code: 'target-differs', goesOn: false });
    await expectFree(scene);
  });
});

it('a disk that turns out to be larger than its volume ends it, so that the volume can grow', async () => {
  await using scene = await workerScene();
  const volume = await scene.volume(32 * MiB);
  await scene.start();
  const link = scene.server.serve('/disk.raw.gz', { content: gzipSync(LARGE, { level: 1 }), etag: ETAG });
  const id = await scene.create({ [volume]: link }, { accept: ['disk-size-known', 'file-fits'] });
  const { standing } = await scene.until(id, stands('failed'));
  expect(standing).toMatchObject({ code: 'target-too-small', goesOn: false });
  await expectFree(scene);
  await scene.provider.growVolume(volume, { key: 'grow', size: 64 * MiB });
  await ask(scene, id, { kind: 'retry-asked', by });
  await scene.until(id, stands('succeeded'));
  await expectLanded(scene, volume, LARGE);
});

describe('an instance', () => {
  it('that cannot be started is tried again, then a person is asked; the disk is done and is not copied again', async () => {
    await using scene = await workerScene();
    const { id: instance, volume } = await scene.instance();
    let tries = 0;
    let broken = true;
    const startInstance = async () => {
      tries++;
      if (broken) throw new ProviderError('guest-not-started', 'QEMU said no');
      return await scene.provider.getInstance(instance);
    };
    await scene.start({ provider: withCalls(scene.provider, { startInstance }), times: { patience: 200 } });
    const link = scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG });
    const id = await scene.create(
      { [volume]: link },
      { startAfterwards: true, accept: ['guest-firmware', 'guest-nature'] },
      instance,
    );
    const { standing, images } = await scene.until(id, stands('waiting:person'));
    expect(standing).toMatchObject({ returnsTo: 'starting', detail: expect.stringContaining('QEMU said no') });
    expect(images[0]?.content).toMatchObject({ kind: 'complete', verified: true });
    expect(tries).toBeGreaterThan(2);
    broken = false;
    const { sent } = scene.server;
    await ask(scene, id, { kind: 'resume-asked', by });
    await scene.until(id, stands('succeeded'));
    expect(scene.server.sent).toBe(sent);
    expect((await scene.stores.receipts.read(id)).receipt.startedInstance).toBe(instance);
  });
});

describe('a store that is away', () => {
  it('for less than the lease holds nothing up; what is asked of it is asked again', async () => {
    await using scene = await workerScene();
    const volume = await scene.volume(64 * MiB);
    const link = scene.server.serve('/disk.raw', { content: LARGE, etag: ETAG });
    const flaky = unreliable(scene.stores.migrations, 0.5);
    await scene.start({ stores: { ...scene.stores, migrations: flaky }, times: { lease: 20_000 } });
    const id = await scene.create({ [volume]: link }, { bandwidth: 32 * MiB });
    await scene.until(id, stands('succeeded'), 40_000);
    await expectLanded(scene, volume, LARGE);
    const events = await scene.stores.migrations.events(id, 0);
    expect(events.filter(({ event }) => event.kind === 'taken')).toHaveLength(1);
  });
});

/** Of the calls some fail before they reach the store, and some after: then it was done, and nobody knows. */
function unreliable<Store extends object>(store: Store, share: number): Store {
  let turn = 0;
  return new Proxy(store, {
    get(_target, name) {
      const call = Reflect.get(store, name) as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        const [before, after] = [turn++ % 7 < 7 * share * 0.5, turn % 5 < 5 * share * 0.5];
        if (before) throw new ServiceError('store-unavailable', 'scripted, before');
        const answer = await call.apply(store, given);
        if (after && name !== 'claim') throw new ServiceError('store-unavailable', 'scripted, after');
        return answer;
      };
    },
  });
}
