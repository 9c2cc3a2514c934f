import { describe, expect, it } from 'vitest';
import { run } from '../../../engine/testing/tools.ts';
import { tempFolder } from '../../../engine/testing/temp.ts';
import { bareBoot, type BareMachine } from './bare-boot.ts';
import { GUESTS_NEED, missingForGuests } from './guest-needs.ts';
import { makeMiniGuest } from './make-mini-guest.ts';
import { FAILED_MARK, MARK, type MiniGuest } from './mini-guest.ts';
import * as traits from './traits.ts';

const missing = await missingForGuests();
const BOOT_OFFSET = 2 ** 20;

/** What `proof.test.ts` and `buses.test.ts` do not see of them: another bus, a network, what is left on the disk. */
const isLong = process.env['DISKFERRY_LONG'] !== undefined;

describe.skipIf(missing.length > 0 || !isLong)(
  `traits of mini guests [only with DISKFERRY_LONG] ${GUESTS_NEED}`,
  async () => {
    const folder = await tempFolder();
    const start = async (guest: Omit<MiniGuest, 'folder'>, machine: Partial<BareMachine>, ...has: traits.Trait[]) => {
      const disk = await makeMiniGuest(traits.withTraits({ folder, ...guest }, ...has));
      const { firmware } = guest;
      return { disk, text: await bareBoot({ disk, firmware, bus: 'virtio', until: MARK, ...machine }) };
    };

    it('without virtio in its initramfs, a guest starts on IDE, and finds no disk on virtio', async () => {
      const guest = { name: 'ide', firmware: 'bios' } as const;
      const { disk, text } = await start(guest, { bus: 'ide' }, traits.onlyIde);
      expect(text).toContain(`${MARK} ide root=/dev/sda1 fs=ext4 canary=ok`);
      const moved = await bareBoot({ disk, firmware: 'bios', bus: 'virtio', until: MARK });
      expect(moved).toMatch(/ALERT! .* does not exist/);
      expect(moved).toContain(`${FAILED_MARK} initramfs root-not-found root=UUID=`);
    }, 240_000);

    it('with the drivers of VMware alone, it starts on those', async () => {
      const { text } = await start({ name: 'vmware', firmware: 'bios' }, { bus: 'pvscsi' }, traits.onlyPvscsi);
      expect(text).toContain(`${MARK} vmware root=/dev/sda1`);
    }, 120_000);

    it('bound to a card, it has a network with that card only', async () => {
      const guest = { name: 'card', firmware: 'bios', layout: 'lvm' } as const;
      const { disk, text } = await start(guest, { mac: traits.BOUND_MAC }, traits.boundToCard);
      expect(text).toContain(`${MARK} card root=/dev/mapper/vg0-root fs=ext4 canary=ok net=ens192:up`);
      const moved = await bareBoot({ disk, firmware: 'bios', bus: 'virtio', mac: '52:54:00:00:00:01', until: MARK });
      expect(moved).toContain('net=ens192:missing');
    }, 240_000);

    it('with a screen alone it says nothing, and that it was up is on its disk', async () => {
      const guest = { name: 'screen', firmware: 'bios', layout: 'several', afterMark: 'power off' } as const;
      const { disk, text } = await start(guest, { keep: true }, traits.onlyScreen);
      expect(text).not.toContain(MARK);
      const root = BOOT_OFFSET + 44 * 2 ** 20;
      const log = await run('debugfs', ['-R', 'cat /var/log/boots', `${disk}?offset=${root}`]);
      expect(log).toMatch(/^root=\/dev\/vda3 fs=ext4 canary=ok/);
    }, 120_000);
  },
);
