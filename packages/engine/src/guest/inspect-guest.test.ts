import { describe, expect, it } from 'vitest';
import { fileBytes } from '../../testing/file-bytes.ts';
import { madeByMke2fs, madeByMkfsFat, madeByMkfsXfs } from '../../testing/filesystem-makers.ts';
import {
  BOOT_UUID,
  debianFiles,
  grubConfig,
  makeDisk,
  ROOT_UUID,
  type DiskPlan,
  type Files,
} from '../../testing/guest-maker.ts';
import { physicalVolume } from '../../testing/lvm-maker.ts';
import { MemoryBytes } from '../../testing/memory-bytes.ts';
import { tempFolder } from '../../testing/temp.ts';
import { hasTool } from '../../testing/tools.ts';
import { MiB } from '../base/align.ts';
import { readFileSync } from 'node:fs';
import { inspectGuest } from './inspect-guest.ts';

const folder = await tempFolder();
const ext4 = (uuid = ROOT_UUID) => madeByMke2fs(['-t', 'ext4', '-U', uuid]);
let made = 0;

async function inspect(plan: DiskPlan) {
  await using disk = await fileBytes(await makeDisk(folder, `disk-${made++}`, plan));
  return await inspectGuest(disk);
}

const withoutBoot = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith('boot/')));
const bootOf = (files: Files): Files =>
  Object.fromEntries(
    Object.entries(files).flatMap(([path, content]) => (path.startsWith('boot/') ? [[path.slice(5), content]] : [])),
  );

describe.skipIf(!hasTool('mke2fs') || !hasTool('sfdisk'))('inspectGuest() [needs mke2fs sfdisk]', () => {
  it('a Debian with BIOS: who it is, how it starts, with which drivers', async () => {
    const report = await inspect({
      label: 'dos',
      grub: true,
      parts: [{ type: '83', size: 32, make: ext4(), files: debianFiles() }],
    });
    expect(report).toMatchObject({
      table: { kind: 'mbr', sectorSize: 512, id: 'd15cfe11' },
      nature: { kind: 'system', because: 'a Linux system lies on partition 1' },
      system: {
        family: 'linux',
        distribution: { value: { id: 'debian', version: '12' }, from: '/etc/os-release' },
        architecture: { value: 'x86_64' },
        hostname: { value: 'web-1' },
        kernels: { value: [{ version: '6.1.0-9-amd64', initramfs: '/boot/initrd.img-6.1.0-9-amd64' }] },
        started: { value: { version: '6.1.0-9-amd64', missing: [] }, from: '/boot/grub/grub.cfg' },
        drivers: {
          value: {
            places: {
              virtio_blk: 'initramfs',
              virtio_net: 'module',
              ext4: 'built-in',
              vmw_pvscsi: 'absent',
              lvm: 'absent',
            },
          },
        },
        fstab: { value: [{ path: '/', found: 'here' }] },
        cloudInit: { value: { installed: true, datasources: ['NoCloud', 'ConfigDrive', 'OpenStack', 'None'] } },
        network: { value: [{ interfaces: ['eth0'], addressing: 'dhcp' }] },
      },
      boot: { bios: { code: 'grub', complete: { value: true } }, loader: 'grub2', chosen: { value: 0 } },
      warnings: [],
    });
    expect(report.cost.bytes).toBeLessThan(4 * MiB);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it.skipIf(!hasTool('mkfs.fat') || !hasTool('mcopy'))('one with UEFI [needs mkfs.fat mcopy]', async () => {
    const report = await inspect({
      label: 'gpt',
      parts: [
        {
          type: 'U',
          size: 4,
          make: madeByMkfsFat(['-n', 'EFI'], 4),
          files: {
            'EFI/BOOT/BOOTX64.EFI': 'MZ',
            'EFI/debian/grubx64.efi': 'MZ',
            'EFI/debian/grub.cfg': 'configfile $prefix/grub.cfg\n',
          },
        },
        { type: 'L', size: 32, make: ext4(), files: debianFiles() },
      ],
    });
    expect(report).toMatchObject({
      table: { kind: 'gpt' },
      boot: {
        bios: { code: null },
        uefi: { value: { loaders: ['/EFI/BOOT/BOOTX64.EFI', '/EFI/debian/grubx64.efi'], fallback: true } },
        config: '/boot/grub/grub.cfg',
      },
      system: { root: 'partition 2' },
    });
  });

  it.skipIf(!hasTool('mkfs.xfs'))(
    'a root on XFS with /boot of its own, found through fstab [needs mkfs.xfs]',
    async () => {
      const files = debianFiles({
        fstab: `UUID=${ROOT_UUID} / xfs defaults 0 0\nUUID=${BOOT_UUID} /boot ext4 defaults 0 2\n`,
      });
      const boot = { ...bootOf(files), 'grub/grub.cfg': grubConfig('', `root=UUID=${ROOT_UUID} ro`) };
      const report = await inspect({
        label: 'dos',
        grub: true,
        parts: [
          { type: '83', size: 16, make: ext4(BOOT_UUID), files: boot },
          { type: '83', size: 64, make: madeByMkfsXfs(['-m', `uuid=${ROOT_UUID}`]), files: withoutBoot(files) },
        ],
      });
      expect(report).toMatchObject({
        system: {
          root: 'partition 2',
          drivers: { value: { places: { virtio_blk: 'initramfs' } } },
          fstab: { value: [{ found: 'here' }, { found: 'here' }] },
        },
        boot: { config: '/boot/grub/grub.cfg', chosen: { value: 0 } },
      });
    },
  );

  it('a root on LVM', async () => {
    const pv = physicalVolume({
      size: 48 * MiB,
      group: 'vg0',
      volumes: {
        root: [
          { first: 0, count: 20 },
          { first: 30, count: 12 },
        ],
      },
    });
    const files = debianFiles({ root: '/dev/mapper/vg0-root', fstab: '/dev/mapper/vg0-root / ext4 defaults 0 1\n' });
    const image = readFileSync(
      await makeDisk(folder, 'for-lvm', { label: 'none', parts: [{ type: '', size: 32, make: ext4(), files }] }),
    );
    pv.set(image.subarray(0, 20 * MiB), MiB);
    pv.set(image.subarray(20 * MiB), 31 * MiB);
    const report = await inspect({ label: 'dos', grub: true, parts: [{ type: '8e', size: 48, content: pv }] });
    expect(report).toMatchObject({
      nature: { kind: 'system' },
      system: { root: 'vg0/root', hostname: { value: 'web-1' }, fstab: { value: [{ found: 'here' }] } },
    });
    expect(report.volumes.map(({ place, content }) => [place, content?.kind])).toEqual([
      ['partition 1', 'lvm'],
      ['vg0/root', 'ext4'],
    ]);
  });

  it('tells a data disk, a bare partition, and a disk of nothing', async () => {
    const data = await inspect({
      label: 'dos',
      parts: [{ type: '83', size: 8, make: ext4(), files: { 'srv/file': 'x' } }],
    });
    expect(data).toMatchObject({
      nature: { kind: 'data', because: 'no operating system on partition 1' },
      system: null,
    });
    const bare = await inspect({ label: 'none', parts: [{ type: '', size: 32, make: ext4(), files: debianFiles() }] });
    expect(bare).toMatchObject({ nature: { kind: 'partition' }, table: { kind: 'none' }, system: { root: 'disk' } });
  });

  it('keeps what it found until the budget was spent, and says what it did not see', async () => {
    const path = await makeDisk(folder, 'budget', {
      label: 'dos',
      grub: true,
      parts: [{ type: '83', size: 32, make: ext4(), files: debianFiles() }],
    });
    await using disk = await fileBytes(path);
    const report = await inspectGuest(disk, { limits: { bytes: 130_000, milliseconds: 60_000 } });
    expect(report).toMatchObject({ table: { kind: 'mbr' }, nature: { kind: 'unknown' } });
    expect(JSON.stringify(report)).toContain('too much to read');
  });
});

describe('inspectGuest()', () => {
  it('takes a blank disk, and one of no size, for what they are', async () => {
    expect(await inspectGuest(new MemoryBytes(new Uint8Array(MiB)))).toMatchObject({
      nature: { kind: 'blank' },
      system: null,
    });
    expect(await inspectGuest(new MemoryBytes(new Uint8Array(0)))).toMatchObject({ nature: { kind: 'blank' } });
  });

  it('makes a warning of a disk that cannot be read, and throws an abort', async () => {
    const broken = { size: MiB, read: () => Promise.reject(new Error('EIO')), [Symbol.asyncDispose]: async () => {} };
    const report = await inspectGuest(broken);
    expect(report).toMatchObject({ table: { kind: 'unknown' }, nature: { kind: 'unknown' } });
    expect(report.warnings[0]).toContain('partition table: could not be read');
    const stop = new AbortController();
    stop.abort();
    await expect(inspectGuest(broken, { signal: stop.signal })).rejects.toThrow();
  });
});
