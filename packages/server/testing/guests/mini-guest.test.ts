import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../../engine/testing/temp.ts';
import { PLACE } from '../local-cloud.ts';
import { localScene } from '../local-scene.ts';
import { makeDataDisk } from './data-disk.ts';
import { GUESTS_NEED, missingForGuests } from './guest-needs.ts';
import { bootMark, landedGuest } from './landed-guest.ts';
import { makeMiniGuest } from './make-mini-guest.ts';
import { MARK, type MiniGuest } from './mini-guest.ts';

const missing = await missingForGuests();
const MiB = 2 ** 20;

describe.skipIf(missing.length > 0)(`mini guests ${GUESTS_NEED}`, async () => {
  const folder = await tempFolder();
  let scene: Awaited<ReturnType<typeof localScene>>;
  beforeAll(async () => void (scene = await localScene()));
  afterAll(async () => {
    await scene.provider[Symbol.asyncDispose]();
    await scene.dispose();
  });

  /** From its disk to the line that it says, and off again by its power button. */
  async function bootedAndOff(guest: Omit<MiniGuest, 'folder'>, dataPaths: readonly string[] = []): Promise<string> {
    const path = await makeMiniGuest({ folder, ...guest });
    const { size, blocks } = await stat(path);
    expect(blocks * 512).toBeLessThan(Math.min(size, 64 * MiB));
    const { firmware } = guest;
    const { id } = await landedGuest(scene.provider, { path, dataPaths, firmware, ...PLACE });
    await scene.provider.startInstance(id, { key: randomUUID() });
    const mark = await bootMark(scene.provider, id);
    const begun = Date.now();
    await scene.provider.stopInstance(id, { key: randomUUID(), graceMs: 60_000 });
    expect(Date.now() - begun).toBeLessThan(20_000);
    return mark;
  }

  it('start from a BIOS, say that all is well, and are off when the power button was pressed', async () => {
    const mark = await bootedAndOff({ name: 'bios', firmware: 'bios' });
    expect(mark).toMatch(`${MARK} bios root=/dev/vda1 fs=ext4 canary=ok net=none swap=none data=0 firmware=bios`);
  }, 180_000);

  it('start from UEFI', async () => {
    const mark = await bootedAndOff({ name: 'uefi', firmware: 'uefi' });
    expect(mark).toMatch(`${MARK} uefi root=/dev/vda2 fs=ext4 canary=ok net=none swap=none data=0 firmware=uefi`);
  }, 180_000);

  it('start with XFS as root, /boot and swap on partitions of their own, and a disk of data', async () => {
    const guest = { name: 'several', firmware: 'bios', layout: 'several', rootFs: 'xfs', dataDisks: ['data'] } as const;
    const mark = await bootedAndOff(guest, [await makeDataDisk({ folder, name: 'data' })]);
    expect(mark).toMatch(
      `${MARK} several root=/dev/vda3 fs=xfs canary=ok net=none swap=/dev/vda2 data=1 firmware=bios`,
    );
  }, 180_000);
});
