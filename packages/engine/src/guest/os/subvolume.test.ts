import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { putIntoSubvolume } from '../../../testing/btrfs-image.ts';
import { fileBytes } from '../../../testing/file-bytes.ts';
import { madeByMkfsBtrfs, type MakeFilesystem } from '../../../testing/filesystem-makers.ts';
import { debianFiles, grubConfig, makeDisk, ROOT_UUID } from '../../../testing/guest-maker.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool } from '../../../testing/tools.ts';
import { judgeGuest } from '../checks/catalogue.ts';
import { TARGET_PROFILES } from '../checks/target.ts';
import { inspectGuest } from '../inspect-guest.ts';
import { subvolumeIn } from './subvolume.ts';

const folder = await tempFolder();
let made = 0;

interface Plan {
  /** Where everything lies; undefined: at the top. */
  readonly subvolume?: string;
  readonly isDefault?: boolean;
  readonly rootflags?: string;
  /** In front of the paths of GRUB. */
  readonly below?: string;
  readonly fstab?: string;
}

function btrfs({ subvolume, isDefault = false }: Plan): MakeFilesystem {
  return async (tree, image) => {
    await madeByMkfsBtrfs(['-U', ROOT_UUID, '-n', '65536', '-m', 'single'], 128)(tree, image);
    if (subvolume === undefined) return;
    const bytes = readFileSync(image);
    putIntoSubvolume(bytes, subvolume, { isDefault });
    writeFileSync(image, bytes);
  };
}

async function looked(plan: Plan) {
  const args = `root=UUID=${ROOT_UUID} ro ${plan.rootflags ?? ''} console=ttyS0`;
  const more = { 'boot/grub/grub.cfg': grubConfig(`${plan.below ?? ''}/boot`, args) };
  const fstab = plan.fstab ?? `UUID=${ROOT_UUID} / btrfs defaults 0 0\n`;
  const files = debianFiles({ more, fstab, modules: ['virtio_pci', 'virtio_blk', 'btrfs'] });
  const parts = [{ type: '83', size: 128, make: btrfs(plan), files }];
  await using disk = await fileBytes(await makeDisk(folder, `btrfs-${made++}`, { label: 'dos', grub: true, parts }));
  const report = await inspectGuest(disk);
  const found = judgeGuest(report, TARGET_PROFILES.local).filter(({ verdict }) => verdict !== 'pass');
  return { report, found: found.map(({ code, verdict, evidence }) => `${verdict} ${code}: ${evidence}`) };
}

describe('subvolumeIn()', () => {
  it.each([
    ['subvol=@', '@'],
    ['rw,subvol=/@/.snapshots/1/snapshot,compress=zstd', '@/.snapshots/1/snapshot'],
    ['subvol=/', '/'],
    ['subvol=/@home/', '@home'],
    ['subvolid=257', 'subvolid=257'],
    ['compress=zstd', undefined],
    ['', undefined],
  ])('%s names %s', (options, name) => {
    expect(subvolumeIn(options)).toBe(name);
  });
});

describe.skipIf(!hasTool('mkfs.btrfs') || !hasTool('sfdisk'))('a root on Btrfs [needs mkfs.btrfs sfdisk]', () => {
  it('is read: at the top', async () => {
    const { report, found } = await looked({});
    expect(report).toMatchObject({
      nature: { kind: 'system', because: 'a Linux system lies on partition 1' },
      volumes: [{ content: { kind: 'btrfs', uuid: ROOT_UUID }, unread: null }],
      system: {
        subvolume: null,
        hostname: { value: 'web-1' },
        started: { value: { version: '6.1.0-9-amd64', missing: [] } },
      },
    });
    expect(found).toEqual([]);
    expect(report.cost.bytes).toBeLessThan(8 * 2 ** 20);
  });

  it('in a subvolume that the kernel is told, with the paths of GRUB from the top', async () => {
    const { report, found } = await looked({ subvolume: '@', rootflags: 'rootflags=subvol=@', below: '/@' });
    expect(report).toMatchObject({
      nature: { because: 'a Linux system lies on partition 1, subvolume @' },
      system: {
        subvolume: '@',
        distribution: { value: { id: 'debian' } },
        started: { value: { image: '/boot/vmlinuz-6.1.0-9-amd64', missing: [] } },
      },
    });
    expect(found).toEqual([]);
  });

  it('in the default subvolume, told or not', async () => {
    expect((await looked({ subvolume: 'root', isDefault: true })).found).toEqual([]);
    const told = await looked({ subvolume: 'root', isDefault: true, rootflags: 'rootflags=subvol=root' });
    expect(told.report.system?.subvolume).toBe('root');
    expect(told.found).toEqual([]);
  });

  it('is named where the kernel mounts another subvolume, and where fstab waits for one that is not there', async () => {
    const untold = await looked({ subvolume: '@', below: '/@' });
    expect(untold.found).toEqual([
      'block guest-root-subvolume: the kernel mounts the default subvolume, the system lies in @',
    ]);
    const gone = await looked({ subvolume: '@', rootflags: 'rootflags=noatime,subvol=@old', below: '/@' });
    expect(gone.found).toEqual(['block guest-root-subvolume: the kernel mounts @old, the system lies in @']);
    const fstab = `UUID=${ROOT_UUID} / btrfs subvol=@ 0 0\nUUID=${ROOT_UUID} /home btrfs subvol=@home 0 0\n`;
    const home = await looked({ subvolume: '@', rootflags: 'rootflags=subvol=@', below: '/@', fstab });
    expect(home.found).toEqual([
      `block guest-fstab-missing: not on this disk: UUID=${ROOT_UUID} (@home) on /home; the system stops in emergency mode`,
    ]);
  });
});
