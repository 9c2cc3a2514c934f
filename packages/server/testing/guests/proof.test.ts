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
import { EXPECTED_MINIS, type ExpectedMini } from './expected-minis.ts';
import { GUESTS_NEED, missingForGuests } from './guest-needs.ts';
import { landedGuest } from './landed-guest.ts';
import { makeMiniGuest } from './make-mini-guest.ts';
import { onlyScreen, withTraits } from './traits.ts';

const missing = await missingForGuests();
const isLong = process.env['DISKFERRY_LONG'] !== undefined;
const PROOF_MS = 120_000;
const inEveryRun = ({ started }: ExpectedMini): boolean => started.includes('virtio');

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
  async function comesTrue({ guest, has, virtio }: ExpectedMini): Promise<void> {
    const { provider } = scene;
    const path = await makeMiniGuest(withTraits({ folder, ...guest }, ...has));
    const instance = await landedGuest(provider, { path, firmware: guest.firmware, ...PLACE });
    await using disk = await fileBytes(path);
    const look = { report: await inspectGuest(disk), isPacked: false };
    const checks = judgeLook(look, { ...provider, instance }, 0);
    const blocks = checks.filter((check) => check.verdict === 'block').map(({ code }) => `block ${code}`);
    expect(blocks).toEqual(virtio.says.filter((line) => line.startsWith('block')));
    const before = await digest(instance.systemVolume);
    const proof = await provider.features.proveBoot?.(instance.id, { withinMs: PROOF_MS });
    expect([proof?.verdict, proof?.reached], proof?.evidence.join('\n')).toEqual(virtio.outcome);
    expect(
      Buffer.from(proof?.screenshot ?? [])
        .subarray(1, 4)
        .toString('latin1'),
    ).toBe('PNG');
    expect(await digest(instance.systemVolume)).toBe(before);
    await provider.deleteInstance(instance.id, { key: randomUUID() });
  }

  it.each(EXPECTED_MINIS.filter(inEveryRun))('$what: $virtio.outcome', comesTrue, 180_000);
  const others = EXPECTED_MINIS.filter((expected) => !inEveryRun(expected));
  it.runIf(isLong).each(others)('$what: $virtio.outcome [only with DISKFERRY_LONG]', comesTrue, 180_000);

  it('also where the image is for another firmware: both are named, and the copy hangs in the firmware', async () => {
    const path = await makeMiniGuest({ folder, name: 'other', firmware: 'uefi' });
    const instance = await landedGuest(scene.provider, { path, firmware: 'bios', ...PLACE });
    await using disk = await fileBytes(path);
    const checks = judgeLook({ report: await inspectGuest(disk), isPacked: false }, { ...scene.provider, instance }, 0);
    const firmware = checks.find(({ code }) => code === 'guest-firmware');
    expect(firmware).toMatchObject({ verdict: 'block', evidence: expect.stringMatching(/uefi; the target has bios/) });
    // Its MBR only protects the GPT and has no code: a BIOS runs into nothing, and says no word about it.
    const proof = await scene.provider.features.proveBoot?.(instance.id, { withinMs: 36_000 });
    expect(proof).toMatchObject({ verdict: 'unknown', reached: 'firmware' });
    expect(proof?.evidence.join()).toMatch(/nothing has moved in it for 1\d seconds/);
    expect(proof?.seconds).toBeLessThan(30);
  }, 120_000);

  it.runIf(isLong)(
    'does not guess where a system is up behind a picture, and does not wait for ever [only with DISKFERRY_LONG]',
    async () => {
      const path = await makeMiniGuest(onlyScreen({ folder, name: 'picture', firmware: 'uefi' }));
      const instance = await landedGuest(scene.provider, { path, firmware: 'uefi', ...PLACE });
      const proof = await scene.provider.features.proveBoot?.(instance.id, { withinMs: PROOF_MS });
      expect(proof?.verdict).toBe('unknown');
      expect(proof?.evidence.join()).toMatch(/nothing has moved in it for 4\d seconds/);
      expect(proof?.seconds).toBeLessThan(100);
    },
    180_000,
  );
});
