import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { inspectGuest, judgeGuest } from '@diskferry/engine/guest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileBytes } from '../../../../engine/testing/file-bytes.ts';
import { tempFolder } from '../../../../engine/testing/temp.ts';
import { IS_THOROUGH, whereThorough } from '../../../../engine/testing/thorough.ts';
import { PLACE } from '../../local-cloud.ts';
import { localScene } from '../../local-scene.ts';
import { outcomeOn } from '../bare-boot.ts';
import { TARGETS } from '../expected.ts';
import { landedGuest } from '../landed-guest.ts';
import { type DebianBase, makeDebianBase } from './debian-base.ts';
import { expectFacts } from './debian-facts.ts';
import { DEBIAN_NEEDS, missingForDebian } from './debian-needs.ts';
import { EXPECTED_DEBIANS, type ExpectedDebian } from './expected-debians.ts';
import { type DebianGuest, makeDebianGuest } from './make-debian-guest.ts';

const missing = IS_THOROUGH ? await missingForDebian() : ['time'];
const MiB = 2 ** 20;
/** In MiB. */
const MEMORY = 512;
const BUILD_MS = 600_000;
const PROOF_MS = 240_000;
const START_MS = PROOF_MS + 60_000;

/** A server as Debian's own tools make it: its packages are fetched and installed once, for all tests here. */
describe.skipIf(missing.length > 0)(`a real Debian ${whereThorough(DEBIAN_NEEDS)}`, async () => {
  const folder = await tempFolder();
  let base: DebianBase;
  let scene: Awaited<ReturnType<typeof localScene>>;
  beforeAll(async () => {
    base = await makeDebianBase(join(folder, 'base'));
    scene = await localScene();
  }, BUILD_MS);
  afterAll(async () => {
    await scene?.provider[Symbol.asyncDispose]();
    await scene?.dispose();
  });

  const disks = new Map<string, Promise<string>>();
  function made(guest: Omit<DebianGuest, 'folder'>): Promise<string> {
    const disk = disks.get(guest.name) ?? makeDebianGuest(base, { folder, ...guest });
    disks.set(guest.name, disk);
    return disk;
  }

  it('is told as its own tools tell it, in less than two seconds', async () => {
    await using disk = await fileBytes(await made({ name: 'plain' }));
    const report = await inspectGuest(disk);
    await expectFacts(report, base);
    expect(report.cost.milliseconds).toBeLessThan(2000);
    expect(report.cost.bytes).toBeLessThan(32 * MiB);
  }, 120_000);

  it.each(EXPECTED_DEBIANS)(
    '$what: the checks say so',
    async (expected: ExpectedDebian) => {
      await using disk = await fileBytes(await made(expected.guest));
      const report = await inspectGuest(disk);
      expect(report.system?.root).toBe(expected.guest.layout === 'lvm' ? 'vg0/root' : 'partition 2');
      for (const bus of ['virtio', 'ide'] as const) {
        const found = judgeGuest(report, TARGETS[bus]).filter(({ verdict }) => verdict !== 'pass');
        expect(found.map(({ code, verdict }) => `${verdict} ${code}`)).toEqual(expected[bus].says);
      }
    },
    120_000,
  );

  async function provedOnVirtio({ guest, virtio }: ExpectedDebian): Promise<void> {
    const path = await made(guest);
    const { id } = await landedGuest(scene.provider, { path, firmware: 'bios', memory: MEMORY * MiB, ...PLACE });
    const proof = await scene.provider.features.proveBoot?.(id, { withinMs: PROOF_MS });
    await scene.provider.deleteInstance(id, { key: randomUUID() });
    expect([proof?.verdict, proof?.reached], proof?.evidence.join('\n')).toEqual(virtio.outcome);
  }

  async function startedOnIde({ guest, ide }: ExpectedDebian): Promise<void> {
    const machine = { firmware: 'bios', bus: 'ide', memory: MEMORY, withinMs: PROOF_MS } as const;
    const { verdict, reached, evidence } = await outcomeOn({ disk: await made(guest), ...machine });
    expect([verdict, reached], evidence.join('\n')).toEqual(ide.outcome);
  }

  it.each(rows('virtio', true))('$what, on virtio: $virtio.outcome', provedOnVirtio, START_MS);
  it.each(rows('ide', true))('$what, on IDE: $ide.outcome', startedOnIde, START_MS);
  const long = it.runIf(process.env['DISKFERRY_LONG'] !== undefined);
  long.each(rows('virtio', false))('$what, on virtio [only with DISKFERRY_LONG]', provedOnVirtio, START_MS);
  long.each(rows('ide', false))('$what, on IDE [only with DISKFERRY_LONG]', startedOnIde, START_MS);
});

function rows(bus: 'virtio' | 'ide', inEveryRun: boolean): ExpectedDebian[] {
  return EXPECTED_DEBIANS.filter(({ started }) => started.includes(bus) === inEveryRun);
}
