import { inspectGuest, judgeGuest, TARGET_PROFILES } from '@diskferry/engine/guest';
import { describe, expect, it } from 'vitest';
import { fileBytes } from '../../../engine/testing/file-bytes.ts';
import { tempFolder } from '../../../engine/testing/temp.ts';
import { GUESTS_NEED, missingForGuests } from './guest-needs.ts';
import { makeMiniGuest } from './make-mini-guest.ts';
import type { MiniGuest } from './mini-guest.ts';
import * as traits from './traits.ts';

const missing = await missingForGuests();

/** What `mini-guest.test.ts` and `traits.test.ts` show by starting the guests is told here by looking at their disks. */
describe.skipIf(missing.length > 0)(`what inspection says of mini guests ${GUESTS_NEED}`, async () => {
  const folder = await tempFolder();

  async function blocksAndWarnings(guest: Omit<MiniGuest, 'folder'>, ...has: traits.Trait[]) {
    await using disk = await fileBytes(await makeMiniGuest(traits.withTraits({ folder, ...guest }, ...has)));
    const report = await inspectGuest(disk);
    expect(report.nature.kind).toBe('system');
    const findings = judgeGuest(report, { ...TARGET_PROFILES.local, nic: 'virtio-net' });
    return findings.filter(({ verdict }) => verdict !== 'pass').map(({ code, verdict }) => `${verdict} ${code}`);
  }

  it.each<Omit<MiniGuest, 'folder'>>([
    { name: 'bios', firmware: 'bios' },
    { name: 'uefi', firmware: 'uefi' },
    { name: 'several', firmware: 'bios', layout: 'several', rootFs: 'xfs' },
    { name: 'lvm', firmware: 'bios', layout: 'lvm' },
  ])('those that start are let through: $name', async (guest) => {
    const found = await blocksAndWarnings(guest);
    expect(found.filter((line) => line.startsWith('block'))).toEqual([]);
  });

  it.each<[string, MiniGuest['firmware'], traits.Trait, string]>([
    ['ide', 'bios', traits.onlyIde, 'block guest-disk-driver'],
    ['vmware', 'bios', traits.onlyPvscsi, 'block guest-disk-driver'],
    ['sda', 'bios', traits.rootBySda, 'block guest-root-device'],
    ['second', 'bios', traits.missingDisk, 'block guest-fstab-names'],
    ['fstab', 'bios', traits.fstabBySda, 'warn guest-fstab-names'],
    ['card', 'bios', traits.boundToCard, 'warn guest-network-mac'],
    ['screen', 'bios', traits.onlyScreen, 'warn guest-serial-console'],
    ['entry', 'uefi', traits.bootEntry, 'block guest-efi-fallback'],
  ])('those that do not are named: %s', async (name, firmware, trait, expected) => {
    const found = await blocksAndWarnings({ name, firmware }, trait);
    expect(found).toContain(expected);
    const blocked = found.filter((line) => line.startsWith('block'));
    expect(blocked).toEqual(expected.startsWith('block') ? [expected] : []);
  });
});
