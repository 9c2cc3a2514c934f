import { readFile, truncate, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../testing/memory-bytes.ts';
import { startNbdkit } from '../../testing/nbdkit.ts';
import { seededBytes } from '../../testing/seeded.ts';
import { tempFolder } from '../../testing/temp.ts';
import { hasTool, run } from '../../testing/tools.ts';
import { KiB, MiB, TiB } from '../base/align.ts';
import { MemoryDisk } from './memory/memory-disk.ts';
import { MemoryTarget } from './memory/memory-target.ts';
import { parseNbdAddress } from './nbd/nbd-address.ts';
import { openNbdTarget } from './nbd/open-nbd-target.ts';
import { type Occupant, describeOccupant } from './occupant.ts';

const folder = await tempFolder();

describe('describeOccupant()', () => {
  it.each([0, 1, 511, 512, 100 * KiB, 3 * MiB])('calls zeros blank: %i bytes of them', async (size) => {
    const occupant = await describeOccupant(new MemoryBytes(new Uint8Array(size)));
    expect(occupant).toMatchObject({ isBlank: true, findings: [] });
  });

  it('reads less than 2 MiB of a large target', async () => {
    const { readBack } = new MemoryTarget(8 * TiB);
    let seen = 0;
    const counting = {
      ...readBack,
      read: (offset: number, into: Uint8Array) => ((seen += into.length), readBack.read(offset, into)),
    };
    expect((await describeOccupant(counting)).isBlank).toBe(true);
    expect(seen).toBeLessThan(2 * MiB);
  });

  it('sees data in the middle of a disk whose start was wiped, and does not name what it does not know', async () => {
    const disk = new MemoryDisk(100 * MiB);
    disk.write(20 * MiB, seededBytes(1, 60 * MiB));
    const occupant = await describeOccupant(new MemoryTarget(disk).readBack);
    expect(occupant).toMatchObject({ isBlank: false, findings: [{ kind: 'data' }] });
    expect(occupant.sentence).toBe('It holds data of an unknown kind.');
  });

  it.each([
    [
      'xfs',
      [
        [0, 'XFSB'],
        [108, 'data'],
      ],
      'an XFS file system "data"',
    ],
    [
      'btrfs',
      [
        [0x10040, '_BHRfS_M'],
        [0x1012b, 'pool'],
      ],
      'a Btrfs file system "pool"',
    ],
    ['ntfs', [[3, 'NTFS    ']], 'an NTFS file system'],
    ['bitlocker', [[3, '-FVE-FS-']], 'a BitLocker volume'],
    ['luks', [[0, 'LUKS\xba\xbe']], 'a LUKS container'],
    [
      'lvm',
      [
        [512, 'LABELONE'],
        [536, 'LVM2 001'],
      ],
      'an LVM physical volume',
    ],
    [
      'md',
      [
        [4096, '\xfc\x4e\x2b\xa9'],
        [4128, 'host:0'],
      ],
      'a part of an md array (1.2) "host:0"',
    ],
    ['md', [[4 * MiB - 8192, '\xfc\x4e\x2b\xa9']], 'a part of an md array (1.0)'],
    ['md', [[4 * MiB - 65536, '\xfc\x4e\x2b\xa9']], 'a part of an md array (0.90)'],
    [
      'iso9660',
      [
        [32769, 'CD001'],
        [32808, 'DEBIAN  '],
      ],
      'an ISO 9660 file system "DEBIAN"',
    ],
    ['gpt-backup', [[4 * MiB - 512, 'EFI PART']], 'the backup of a GPT partition table at its end'],
  ] as [string, [number, string][], string][])('knows %s', async (kind, marks, phrase) => {
    const occupant = await describeOccupant(new MemoryBytes(diskWith(marks)));
    expect(occupant.findings).toEqual([{ kind, phrase }]);
    expect(occupant.sentence).toBe(`It holds ${phrase}.`);
  });

  it('shows no control characters of a label', async () => {
    const marks: [number, string][] = [
      [0, 'XFSB'],
      [108, 'a\x1b[2Jb\r\n"c'],
    ];
    const occupant = await describeOccupant(new MemoryBytes(diskWith(marks)));
    expect(occupant.sentence).toBe('It holds an XFS file system "a[2Jb\\"c".');
  });

  it('does not stumble over tables that make no sense', async () => {
    const words = fc.array(fc.tuple(fc.nat(1024), fc.nat(255)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(words, fc.constantFrom(600, 1024, 5000, 70_000), async (words, size) => {
        const disk = diskWith([[512, 'EFI PART']], size);
        for (const [at, byte] of words) if (at < size) disk[at] = byte;
        expect((await describeOccupant(new MemoryBytes(disk))).sentence).toMatch(/^It holds /);
      }),
    );
  });
});

describe.skipIf(!hasTool('mkfs.ext4'))('describeOccupant() on file systems [needs mkfs.ext4]', () => {
  it.each(['ext2', 'ext3', 'ext4'])('knows %s and its label', async (kind) => {
    const path = await blankFile(8 * MiB);
    await run('mkfs.ext4', ['-q', '-F', '-t', kind, '-L', 'my root', path]);
    expect(await onFile(path)).toMatchObject({ findings: [{ kind, phrase: `an ${kind} file system "my root"` }] });
  });
});

describe.skipIf(!hasTool('mkswap'))('describeOccupant() on swap [needs mkswap]', () => {
  it('knows it and its label', async () => {
    const path = await blankFile(MiB);
    await run('mkswap', ['-L', 'more', path]);
    expect(await onFile(path)).toMatchObject({ findings: [{ kind: 'swap', phrase: 'a swap area "more"' }] });
  });
});

describe.skipIf(!hasTool('qemu-img'))('describeOccupant() on images [needs qemu-img]', () => {
  it.each(['qcow2', 'vmdk', 'vhdx', 'vpc', 'vdi'])('knows that a %s file was written as it is', async (kind) => {
    const path = join(folder, randomUUID());
    await run('qemu-img', ['create', '-q', '-f', kind, path, '4M']);
    const kinds = (await onFile(path)).findings.map((finding) => finding.kind);
    expect(kinds).toContain(kind);
  });
});

describe.skipIf(!hasTool('nbdkit'))('describeOccupant() through NBD [needs nbdkit]', () => {
  it.each(['gpt', 'mbr'])('counts the partitions of an %s table', async (kind) => {
    const parts = [await blankFile(MiB), await blankFile(2 * MiB), await blankFile(MiB)];
    const occupant = await seen(['partitioning', ...parts, `partition-type=${kind}`]);
    expect(occupant.findings).toEqual([
      { kind, phrase: `a${kind === 'mbr' ? 'n' : ''} ${kind.toUpperCase()} partition table with 3 partitions` },
    ]);
  });

  it('sees the partition table of a floppy, and the file system in its partition', async () => {
    const occupant = await seen(['floppy', folder, 'label=PAPERS']);
    expect(occupant.findings.map(({ kind }) => kind)).toContain('mbr');
    const partition = await seen(['floppy', folder, 'label=PAPERS'], ['partition', 'cow'], ['partition=1']);
    expect(partition.findings).toEqual([{ kind: 'fat', phrase: 'a FAT file system "PAPERS"' }]);
  });
});

function diskWith(marks: readonly (readonly [number, string])[], size = 4 * MiB): Uint8Array {
  const disk = Buffer.alloc(size);
  for (const [at, mark] of marks) disk.write(mark, at, 'latin1');
  return disk;
}

async function blankFile(size: number): Promise<string> {
  const path = join(folder, randomUUID());
  await writeFile(path, '');
  await truncate(path, size);
  return path;
}

async function onFile(path: string): Promise<Occupant> {
  return await describeOccupant(new MemoryBytes(await readFile(path)));
}

async function seen(plugin: string[], filters = ['cow'], parameters: string[] = []): Promise<Occupant> {
  await using server = await startNbdkit({ plugin, filters, parameters });
  await using target = await openNbdTarget(parseNbdAddress(server.address));
  return await describeOccupant(target.readBack);
}
