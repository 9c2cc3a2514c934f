import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileBytes } from '../../../testing/file-bytes.ts';
import { madeByMke2fs } from '../../../testing/filesystem-makers.ts';
import { fuzzGuest } from '../../../testing/guest-fuzz.ts';
import { debianFiles, KERNEL, makeDisk, ROOT_UUID, type DiskPart, type Flaws } from '../../../testing/guest-maker.ts';
import { cpio } from '../../../testing/initramfs-maker.ts';
import { physicalVolume, type LvmPlan } from '../../../testing/lvm-maker.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { raidMember, type RaidPlan } from '../../../testing/raid-maker.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, run } from '../../../testing/tools.ts';
import { MiB } from '../../base/align.ts';
import type { Bytes } from '../../base/bytes.ts';
import { judgeGuest } from '../checks/catalogue.ts';
import { TARGET_PROFILES } from '../checks/target.ts';
import { inspectGuest } from '../inspect-guest.ts';
import { readRaidMember } from './raid-member.ts';

const folder = await tempFolder();
const CONTENT = seededBytes(5, MiB);
let made = 0;

async function readStart(disk: Bytes): Promise<void> {
  const { bytes } = await readRaidMember(disk);
  await bytes.read(0, new Uint8Array(Math.min(4096, bytes.size)));
}

describe('readRaidMember()', () => {
  it.each(['1.0', '1.1', '1.2', '0.90'] as const)(
    'gives what a member of a RAID 1 holds, metadata %s',
    async (version) => {
      const { name, bytes } = await readRaidMember(new MemoryBytes(raidMember(CONTENT, { name: '7', version })));
      expect([name, bytes.size]).toEqual(['7', CONTENT.length]);
      const into = new Uint8Array(CONTENT.length);
      await bytes.read(0, into);
      expect(Buffer.compare(into, CONTENT)).toBe(0);
    },
  );

  it.each<[string, Partial<RaidPlan>, string]>([
    ['of a RAID 5', { level: 5, devices: 3 }, 'RAID 5 of 3 devices: no single one holds a whole filesystem'],
    ['that is a spare', { role: 0xffff }, 'a spare, or has failed'],
    ['that has failed', { role: 0xfffe }, 'a spare, or has failed'],
    ['that was being rebuilt', { features: 2 }, 'still being rebuilt'],
    ['that was being reshaped', { features: 4 }, 'being reshaped'],
  ])('does not read a member %s', async (_, plan, why) => {
    await expect(readRaidMember(new MemoryBytes(raidMember(CONTENT, { name: '0', ...plan })))).rejects.toThrow(why);
  });

  it('does not believe a superblock whose checksum is wrong', async () => {
    const member = raidMember(CONTENT, { name: '0' });
    member[4096 + 128] = 9;
    await expect(readRaidMember(new MemoryBytes(member))).rejects.toThrow('wrong checksum');
  });

  it('gives an answer under mutation', async () => {
    const seeds = (['1.1', '0.90'] as const).map((version) =>
      raidMember(seededBytes(1, 65_536), { name: '1', version }),
    );
    const report = await fuzzGuest('RAID', seeds, readStart, { seed: 1, milliseconds: 800 });
    expect(report.cases).toBeGreaterThan(10);
    expect(report.refused).toBeGreaterThan(0);
  });
});

describe.skipIf(!hasTool('mdadm'))('the members that the tests make [needs mdadm]', () => {
  it.each(['1.0', '1.1', '1.2'] as const)('are taken for such by mdadm, metadata %s', async (version) => {
    const path = join(folder, `member-${version}`);
    writeFileSync(path, raidMember(CONTENT, { name: 'data', version }));
    const told = await run('mdadm', ['--examine', path]);
    expect(told).toMatch(/Raid Level : raid1/);
    expect(told).toMatch(/Name : host:data/);
    expect(told).toMatch(/Checksum : \w+ - correct/);
    expect(told).toMatch(version === '1.0' ? /Super Offset : \d+ sectors/ : /Data Offset : 2048 sectors/);
  });
});

const make = madeByMke2fs(['-t', 'ext4', '-U', ROOT_UUID]);

async function filesystem(flaws: Flaws): Promise<Uint8Array> {
  const parts = [{ type: '', size: 32, make, files: debianFiles(flaws) }];
  return readFileSync(await makeDisk(folder, `bare-${made++}`, { label: 'none', parts }));
}

function initramfs(...names: string[]): Flaws['more'] {
  const modules = ['virtio_pci', 'virtio_blk', ...names].map((name) => [`lib/modules/${name}.ko.xz`, ''] as const);
  return { [`boot/initrd.img-${KERNEL}`]: cpio({ 'sbin/mdadm': '', 'sbin/lvm': '', ...Object.fromEntries(modules) }) };
}

async function look(content: Uint8Array) {
  const part: DiskPart = { type: 'fd', size: Math.ceil(content.length / MiB), content };
  await using disk = await fileBytes(
    await makeDisk(folder, `disk-${made++}`, { label: 'dos', grub: true, parts: [part] }),
  );
  const report = await inspectGuest(disk);
  const found = judgeGuest(report, TARGET_PROFILES.local);
  return {
    report,
    said: Object.fromEntries(found.map(({ code, verdict, evidence }) => [code, `${verdict}: ${evidence}`])),
  };
}

describe.skipIf(!hasTool('mke2fs') || !hasTool('sfdisk'))(
  'a system on a RAID or a volume group [needs mke2fs sfdisk]',
  () => {
    it('is read from one member of a RAID 1, named by /dev/md0', async () => {
      const flaws = { root: '/dev/md0', fstab: '/dev/md/0 / ext4 defaults 0 1\n', more: initramfs('md-mod', 'raid1') };
      const { report, said } = await look(raidMember(await filesystem(flaws), { name: '0' }));
      expect(report.volumes).toMatchObject([
        { place: 'partition 1', content: { kind: 'md' }, unread: null, layers: [] },
        { place: 'md/0', content: { kind: 'ext4' }, layers: ['md'] },
      ]);
      expect(report).toMatchObject({
        nature: { kind: 'system' },
        system: { root: 'md/0', hostname: { value: 'web-1' } },
      });
      expect(said).toMatchObject({
        'guest-root-device': expect.stringMatching(/^pass: .* is md\/0/),
        'guest-raid-driver': expect.stringMatching(/^pass: /),
        'guest-fstab-missing': expect.stringMatching(/^pass: /),
        'guest-other-disks': 'warn: partition 1: RAID 1 of 2 devices',
      });
      expect(said).not.toHaveProperty('guest-lvm-driver');
    });

    it('is told when its initramfs cannot assemble it', async () => {
      const { said } = await look(raidMember(await filesystem({ more: initramfs('raid1') }), { name: '0' }));
      expect(said['guest-raid-driver']).toMatch(/^block: root on RAID 1: md_mod is missing in kernel/);
    });

    it('is read from a volume group on a RAID 1, and needs the drivers of both', async () => {
      const pv = physicalVolume({ size: 40 * MiB, group: 'vg0', volumes: { root: [{ first: 2, count: 32 }] } });
      pv.set(await filesystem({ root: '/dev/mapper/vg0-root', more: initramfs('dm-mod') }), 3 * MiB);
      const { report, said } = await look(raidMember(pv, { name: 'pv' }));
      expect(report.volumes.map(({ place, layers, unread }) => [place, layers, unread])).toEqual([
        ['partition 1', [], null],
        ['md/pv', ['md'], null],
        ['vg0/root', ['md', 'lvm'], null],
      ]);
      expect(said['guest-lvm-driver']).toMatch(/^pass: /);
      expect(said['guest-raid-driver']).toMatch(/^block: /);
    });

    it.each<[LvmPlan['type'] & string, string]>([
      ['thin', 'a thin volume: where its blocks lie stands in the metadata of its pool, which are not read'],
      ['raid5', 'a volume of the kind raid5'],
      ['cache+CACHE_USES_CACHEVOL', 'a cached volume: what is newest may lie in its cache, which is not read'],
      ['snapshot', 'a snapshot, which holds only what has changed'],
    ])('cannot be told where its volume is %s, and says because', async (type, why) => {
      const pv = physicalVolume({ size: 8 * MiB, group: 'vg0', volumes: { root: [{ first: 0, count: 2 }] }, type });
      const { report, said } = await look(pv);
      expect(report.volumes[1]).toMatchObject({ place: 'vg0/root', unread: why });
      expect(said['guest-nature']).toBe(`unknown: cannot tell, because vg0/root: ${why}`);
    });
  },
);
