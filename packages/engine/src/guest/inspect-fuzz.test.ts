import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { madeByMke2fs } from '../../testing/filesystem-makers.ts';
import { fuzzGuest } from '../../testing/guest-fuzz.ts';
import { debianFiles, makeDisk, ROOT_UUID, type Files } from '../../testing/guest-maker.ts';
import { tempFolder } from '../../testing/temp.ts';
import { hasTool } from '../../testing/tools.ts';
import type { Bytes } from '../base/bytes.ts';
import { inspectGuest } from './inspect-guest.ts';

/** What a text of a system may hold that no system ever wrote. */
const HOSTILE: Files = {
  'etc/fstab': `${'UUID= \t / \\777 x\n'.repeat(30_000)}`,
  'boot/grub/grub.cfg': `${"submenu '{ menuentry '\n".repeat(10_000)}menuentry '${'x'.repeat(100_000)}' {\nlinux\n}\n`,
  'etc/cloud/cloud.cfg.d/90_dpkg.cfg': `datasource_list:\n${' - \n'.repeat(20_000)}`,
  'etc/network/interfaces': `${'iface \u202e\u0007 '.repeat(30_000)}\n${'aa:bb:cc:dd:ee:ff '.repeat(5000)}`,
  'etc/cloud/cloud.cfg': `${'\n'.repeat(200_000)}${'datasource_list: ['.repeat(15_000)}`,
  'etc/netplan/1.yaml': ' \n'.repeat(250_000),
  'etc/hostname': '\u001b[2Jrm -rf\n',
};

it.skipIf(!hasTool('mke2fs') || !hasTool('sfdisk'))(
  'inspectGuest() never throws, whatever the disk says [needs mke2fs sfdisk]',
  async () => {
    const folder = await tempFolder();
    const make = madeByMke2fs(['-t', 'ext4', '-b', '1024', '-O', '^has_journal', '-N', '256', '-U', ROOT_UUID]);
    const part = { type: '83', size: 4, make };
    const seeds = [debianFiles(), debianFiles({ more: HOSTILE })].map(
      async (files, index) =>
        new Uint8Array(
          readFileSync(
            await makeDisk(folder, `seed-${index}`, { label: 'dos', grub: true, parts: [{ ...part, files }] }),
          ),
        ),
    );
    let bounded = 0;
    const read = async (disk: Bytes) => {
      const text = JSON.stringify(await inspectGuest(disk));
      if (text.length > 500_000) throw new Error(`a report of ${text.length} letters`);
      // A reader that stumbles over itself is caught, and is a fault all the same.
      const stumbled = /\w*(?:Range|Type|Reference|Syntax)Error[^"]*/.exec(text);
      if (stumbled) throw new Error(stumbled[0]);
      JSON.parse(text, (_, value: unknown) => {
        if (typeof value === 'string' && /[\p{Cc}\p{Cf}]/u.test(value))
          throw new Error(`${JSON.stringify(value)} is not fit to be shown`);
        return value;
      });
      bounded++;
    };
    const report = await fuzzGuest('guests', await Promise.all(seeds), read, { seed: 1, milliseconds: 4000 });
    expect(report.refused).toBe(0);
    expect(bounded).toBe(report.cases);
    expect(report.cases).toBeGreaterThan(3);
  },
);
