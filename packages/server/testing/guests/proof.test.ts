import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectGuest } from '@diskferry/engine/guest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileBytes } from '../../../engine/testing/file-bytes.ts';
import { tempFolder } from '../../../engine/testing/temp.ts';
import { judgeLook } from '../../src/preflight/guest-checks.ts';
import { PLACE } from '../local-cloud.ts';
import { localScene } from '../local-scene.ts';
import { GUESTS_NEED, missingForGuests } from './guest-needs.ts';
import { landedGuest } from './landed-guest.ts';
import { makeMiniGuest } from './make-mini-guest.ts';
import type { MiniGuest } from './mini-guest.ts';
import * as traits from './traits.ts';

const missing = await missingForGuests();
const isLong = process.env['DISKFERRY_LONG'] !== undefined;
const PROOF_MS = 120_000;

interface Case {
  readonly name: string;
  readonly firmware: MiniGuest['firmware'];
  readonly has: readonly traits.Trait[];
  /** What the preflight says that blocks. */
  readonly blocks: readonly string[];
  readonly proof: readonly [verdict: string, reached: string];
}

const UP = ['booted', 'login'] as const;
const NO_ROOT = ['failed', 'initramfs-shell'] as const;

/** One of each kind, and with DISKFERRY_LONG all of them. */
const SHORT: readonly Case[] = [
  { name: 'screen', firmware: 'bios', has: [traits.onlyScreen], blocks: [], proof: UP },
  { name: 'sda', firmware: 'bios', has: [traits.rootBySda], blocks: ['guest-root-device'], proof: NO_ROOT },
];
const LONG: readonly Case[] = [
  { name: 'bios', firmware: 'bios', has: [], blocks: [], proof: UP },
  { name: 'uefi', firmware: 'uefi', has: [], blocks: [], proof: UP },
  { name: 'fstab', firmware: 'bios', has: [traits.fstabBySda], blocks: [], proof: UP },
  { name: 'ide', firmware: 'bios', has: [traits.onlyIde], blocks: ['guest-disk-driver'], proof: NO_ROOT },
  {
    name: 'second',
    firmware: 'bios',
    has: [traits.missingDisk],
    blocks: ['guest-fstab-names'],
    proof: ['failed', 'emergency-mode'],
  },
  {
    name: 'entry',
    firmware: 'uefi',
    has: [traits.bootEntry],
    blocks: ['guest-efi-fallback'],
    proof: ['failed', 'firmware-shell'],
  },
];

describe.skipIf(missing.length > 0)(`what the preflight predicts comes true ${GUESTS_NEED}`, async () => {
  const folder = await tempFolder();
  let scene: Awaited<ReturnType<typeof localScene>>;
  beforeAll(async () => void (scene = await localScene()));
  afterAll(async () => {
    await scene.provider[Symbol.asyncDispose]();
    await scene.dispose();
  });
  const digest = async (volume: string) =>
    createHash('sha256')
      .update(await readFile(join(scene.folder, 'volumes', `${volume}.raw`)))
      .digest('hex');

  /** Predicted, then proved; the disk is the same afterwards. */
  async function comesTrue({ name, firmware, has, blocks, proof: [verdict, reached] }: Case): Promise<void> {
    const { provider } = scene;
    const path = await makeMiniGuest(traits.withTraits({ folder, name, firmware }, ...has));
    const instance = await landedGuest(provider, { path, firmware, ...PLACE });
    await using disk = await fileBytes(path);
    const checks = judgeLook({ report: await inspectGuest(disk), isPacked: false }, { ...scene.provider, instance }, 0);
    expect(checks.filter((check) => check.verdict === 'block').map(({ code }) => code)).toEqual(blocks);
    const before = await digest(instance.systemVolume);
    const proof = await provider.features.proveBoot?.(instance.id, { withinMs: PROOF_MS });
    expect(proof, proof?.evidence.join('\n')).toMatchObject({ verdict, reached });
    expect(
      Buffer.from(proof?.screenshot ?? [])
        .subarray(1, 4)
        .toString('latin1'),
    ).toBe('PNG');
    expect(await digest(instance.systemVolume)).toBe(before);
    await provider.deleteInstance(instance.id, { key: randomUUID() });
  }

  it.each(SHORT)('$name: $blocks, $proof', comesTrue, 180_000);
  it.runIf(isLong).each(LONG)('$name: $blocks, $proof', comesTrue, 180_000);

  it('also where the image is for another firmware: both are named, and the copy hangs in the firmware', async () => {
    const path = await makeMiniGuest({ folder, name: 'other', firmware: 'uefi' });
    const instance = await landedGuest(scene.provider, { path, firmware: 'bios', ...PLACE });
    await using disk = await fileBytes(path);
    const checks = judgeLook({ report: await inspectGuest(disk), isPacked: false }, { ...scene.provider, instance }, 0);
    const firmware = checks.find(({ code }) => code === 'guest-firmware');
    expect(firmware).toMatchObject({ verdict: 'block', evidence: expect.stringMatching(/uefi; the target has bios/) });
    // Its MBR only protects the GPT and has no code: a BIOS runs into nothing, and says no word about it.
    const proof = await scene.provider.features.proveBoot?.(instance.id, { withinMs: 8000 });
    expect(proof).toMatchObject({ verdict: 'unknown', reached: 'firmware' });
  }, 120_000);
});
