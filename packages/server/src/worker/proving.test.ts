import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BOOT_FAILED, BOOTED } from '../../testing/lives.ts';
import { MiB } from '../../testing/local-cloud.ts';
import { QEMU } from '../../testing/local-scene.ts';
import { withCalls } from '../../testing/provider-with.ts';
import { ETAG, expectFree } from '../../testing/worker-content.ts';
import { ask, stands, workerScene, type WorkerScene } from '../../testing/worker-scene.ts';
import type { MigrationOptions } from '../migrations/migration.ts';
import { bootSector } from '../providers/local/guest/boot-sector.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { Features, ProvedBoot } from '../providers/provider.ts';

type Prove = NonNullable<Features['proveBoot']>;
const ACCEPT = ['target-overwritten', 'guest-nature', 'guest-firmware'];
const { screenshot: _none, ...UP } = BOOTED;
const DOWN: ProvedBoot = {
  ...UP,
  verdict: 'failed',
  reached: 'emergency-mode',
  evidence: ['You are in emergency mode'],
};

/** A worker whose provider proves so, and a migration onto a stopped instance. */
async function landing(
  scene: WorkerScene,
  prove: Prove | undefined,
  options: Partial<MigrationOptions> = {},
  said = 'x',
) {
  const { id, volume } = await scene.instance();
  const { proveBoot: _real, ...features } = scene.provider.features;
  const provider = withCalls(scene.provider, { features: { ...features, ...(prove && { proveBoot: prove }) } });
  await scene.start({ provider });
  const disk = new Uint8Array(16 * MiB);
  disk.set(bootSector(said));
  const link = scene.server.serve('/new.raw', { content: disk, etag: ETAG });
  const wanted = { runningInstance: 'refuse', proveBoot: 'auto', accept: ACCEPT, ...options } as const;
  const migration = await scene.create({ [volume]: link }, wanted, id);
  return { migration, instance: id, volume };
}

async function receiptOf({ stores }: WorkerScene, id: string) {
  return (await stores.receipts.read(id)).receipt;
}

describe('a worker that proves that the disks start', () => {
  it('asks the provider as the holder, and keeps what it says in log, migration and receipt', async () => {
    await using scene = await workerScene();
    const asked: unknown[] = [];
    const prove: Prove = async (instance, { holder, withinMs }) => {
      asked.push([instance, holder, withinMs]);
      return { ...UP, screenshot: Uint8Array.of(1, 2, 3) };
    };
    const { migration, instance } = await landing(scene, prove);
    const done = await scene.until(migration, stands('succeeded'));
    expect(asked).toEqual([[instance, migration, 20_000]]);
    const proof = { ...BOOTED, screenshot: true };
    expect(done.bootProof).toEqual(proof);
    expect((await receiptOf(scene, migration)).bootProof).toEqual(proof);
    const log = await scene.stores.migrations.events(migration, 0);
    expect(log.at(-1)?.event).toEqual({ kind: 'proved', proof, screenshot: 'AQID' });
    await expectFree(scene);
  });

  it('asks a person where a copy does not come up; resumed it tries again, accepted it goes on without', async () => {
    await using scene = await workerScene();
    let tries = 0;
    const { migration, volume } = await landing(scene, async () => (tries++, DOWN));
    const waiting = await scene.until(migration, stands('waiting:person'));
    expect(waiting.standing).toMatchObject({
      detail: expect.stringMatching(/^boot-failed: emergency-mode: You are in emergency mode\. /),
      code: 'boot-failed',
      returnsTo: 'proving',
    });
    const before = await scene.disk(volume);
    await ask(scene, migration, { kind: 'resume-asked', by: 'ann' });
    await expect.poll(() => tries).toBe(2);
    await scene.until(migration, stands('waiting:person'));
    await ask(scene, migration, { kind: 'resume-asked', by: 'ann', accept: ['boot-failed'] });
    const done = await scene.until(migration, stands('succeeded'));
    expect([tries, done.bootProof?.verdict]).toEqual([2, 'failed']);
    expect((await receiptOf(scene, migration)).bootProof).toMatchObject({ ...BOOT_FAILED, ...DOWN, screenshot: false });
    expect(before.equals(await scene.disk(volume))).toBe(true);
  });

  it.each([
    ['the provider has no such power', undefined, 'local cannot start a copy'],
    ['nothing is installed', 'hypervisor-missing', 'no qemu (hypervisor-missing)'],
  ] as const)('where %s goes on with auto, and asks a person with always', async (_what, code, why) => {
    await using scene = await workerScene();
    const prove: Prove | undefined = code && (() => Promise.reject(new ProviderError(code, 'no qemu')));
    const { migration } = await landing(scene, prove);
    const done = await scene.until(migration, stands('succeeded'));
    expect(done.bootProof).toMatchObject({ verdict: 'unknown', evidence: [why], accelerator: 'none' });
    const always = await landing(scene, prove, { proveBoot: 'always' });
    const waiting = await scene.until(always.migration, stands('waiting:person'));
    expect(waiting.standing).toMatchObject({
      detail: expect.stringContaining(`boot-unproved: ${why}`),
      code: 'boot-unproved',
    });
    await ask(scene, always.migration, { kind: 'resume-asked', by: 'ann', accept: ['boot-unproved'] });
    await scene.until(always.migration, stands('succeeded'));
  });

  it('leaves it where a person pauses, and proves it when it is resumed', async () => {
    await using scene = await workerScene();
    let tries = 0;
    const prove: Prove = async (_instance, { signal }) => {
      if (tries++ === 0) await sleep(60_000, undefined, signal === undefined ? {} : { signal });
      return UP;
    };
    const { migration } = await landing(scene, prove);
    await scene.until(migration, stands('proving'));
    await expect.poll(() => tries).toBe(1);
    expect((await scene.stores.live.read(migration))?.stage ?? 'proving').toBe('proving');
    await ask(scene, migration, { kind: 'pause-asked', by: 'ann' });
    const paused = await scene.until(migration, stands('paused'));
    expect(paused.standing).toMatchObject({ returnsTo: 'proving' });
    await ask(scene, migration, { kind: 'resume-asked', by: 'ann' });
    await scene.until(migration, stands('succeeded'));
    expect(tries).toBe(2);
  });
});

describe.skipIf(QEMU === undefined)('the local provider in a migration [needs qemu-system-x86_64]', () => {
  it.each([
    ['\r\nweb login: ', 'succeeded', 'login'],
    ['\r\nKernel panic - not syncing: no root', 'waiting:person', 'kernel-panic'],
  ])(
    'starts what has landed: %j is %s',
    async (said, standing, reached) => {
      await using scene = await workerScene();
      const { proveBoot } = scene.provider.features;
      const { migration, instance, volume } = await landing(scene, proveBoot, {}, said);
      const stood = await scene.until(migration, stands(standing), 60_000);
      expect(stood.bootProof).toMatchObject({ reached, accelerator: expect.stringMatching(/kvm|tcg/) });
      expect((await scene.provider.getInstance(instance)).state).toBe('stopped');
      expect((await scene.disk(volume)).subarray(0, 512)).toEqual(Buffer.from(bootSector(said)));
    },
    90_000,
  );
});
