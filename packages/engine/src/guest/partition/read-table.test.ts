import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, toolPath } from '../../../testing/tools.ts';
import { MiB } from '../../base/align.ts';
import { readPartitionTable } from './read-table.ts';

const folder = await tempFolder();
let made = 0;

function sfdisk(script: string, size = 64 * MiB): Uint8Array {
  const path = join(folder, `disk-${made++}`);
  writeFileSync(path, '');
  truncateSync(path, size);
  execFileSync(toolPath('sfdisk') ?? 'sfdisk', ['-q', path], { input: script });
  return new Uint8Array(readFileSync(path));
}

/** The same table as a disk with sectors of 4096 bytes has it. */
function inLargeSectors(disk: Uint8Array): Uint8Array {
  const large = new Uint8Array(disk.length);
  large.set(disk.subarray(0, 512));
  const entries = disk.slice(1024, 1024 + 128 * 128);
  const words = new DataView(entries.buffer);
  for (let at = 0; at < entries.length; at += 128) {
    words.setBigUint64(at + 32, words.getBigUint64(at + 32, true) / 8n, true);
    words.setBigUint64(at + 40, (words.getBigUint64(at + 40, true) + 1n) / 8n - 1n, true);
  }
  const last = disk.length / 4096 - 1;
  for (const [at, other, table] of [
    [1, last, 2],
    [last, 1, last - 4],
  ] as const) {
    const header = disk.slice(512, 1024);
    const view = new DataView(header.buffer);
    view.setBigUint64(24, BigInt(at), true);
    view.setBigUint64(32, BigInt(other), true);
    view.setBigUint64(72, BigInt(table), true);
    view.setUint32(88, crc32(entries), true);
    view.setUint32(16, 0, true);
    view.setUint32(16, crc32(header.subarray(0, 92)), true);
    large.set(header, at * 4096);
    large.set(entries, table * 4096);
  }
  return large;
}

const read = (disk: Uint8Array) => readPartitionTable(new MemoryBytes(disk));

describe.skipIf(!hasTool('sfdisk'))('readPartitionTable() of what sfdisk writes [needs sfdisk]', () => {
  it('an MBR with primary and logical partitions, counted as the system does', async () => {
    const table = await read(
      sfdisk(`label: dos
label-id: 0xd15cfe11
start=1MiB, size=8MiB, type=83, bootable
start=9MiB, size=40MiB, type=5
start=10MiB, size=4MiB, type=82
start=15MiB, size=5MiB, type=8e
start=21MiB, size=6MiB, type=7`),
    );
    expect(table).toMatchObject({ kind: 'mbr', sectorSize: 512, id: 'd15cfe11', warnings: [] });
    expect(
      table.partitions.map(({ number, offset, length, use, active, id }) => [
        number,
        offset / MiB,
        length / MiB,
        use,
        active,
        id,
      ]),
    ).toEqual([
      [1, 1, 8, 'linux', true, 'd15cfe11-01'],
      [5, 10, 4, 'swap', false, 'd15cfe11-05'],
      [6, 15, 5, 'lvm', false, 'd15cfe11-06'],
      [7, 21, 6, 'windows', false, 'd15cfe11-07'],
    ]);
  });

  const GPT = `label: gpt
label-id: D15CFE11-0000-4000-8000-00000000000F
start=1MiB, size=4MiB, type=U, name="EFI system", uuid=D15CFE11-0000-4000-8000-000000000001
start=5MiB, size=1MiB, type=21686148-6449-6E6F-744E-656564454649
start=6MiB, size=50MiB, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name="rôot", attrs=LegacyBIOSBootable`;

  it('a GPT with names and GUIDs', async () => {
    const table = await read(sfdisk(GPT));
    expect(table).toMatchObject({ kind: 'gpt', id: 'd15cfe11-0000-4000-8000-00000000000f', warnings: [] });
    expect(table.partitions).toMatchObject([
      { number: 1, use: 'esp', name: 'EFI system', id: 'd15cfe11-0000-4000-8000-000000000001', active: false },
      { number: 2, use: 'bios-boot', length: MiB },
      { number: 3, use: 'linux-root', name: 'rôot', active: true, missing: 0 },
    ]);
  });

  it('a GPT by its backup, and says so, where the primary header or its entries are damaged', async () => {
    for (const at of [512 + 60, 1024 + 5]) {
      const disk = sfdisk(GPT);
      disk[at] = 0xee;
      const table = await read(disk);
      expect(table.partitions).toHaveLength(3);
      expect(table.warnings).toEqual([expect.stringContaining('CRC; the backup is used')]);
    }
  });

  it('a GPT whose backup is damaged, or stands where a smaller disk ended', async () => {
    const disk = sfdisk(GPT);
    disk[disk.length - 512 + 60] = 0xee;
    expect((await read(disk)).warnings).toEqual(['the backup GPT header does not match its CRC']);
    const grown = new Uint8Array(80 * MiB);
    grown.set(sfdisk(GPT));
    expect((await read(grown)).warnings).toEqual([expect.stringContaining('which has grown')]);
  });

  it('a GPT without any whole header: no partitions, and why', async () => {
    const disk = sfdisk(GPT);
    disk[512 + 60] = disk[disk.length - 512 + 60] = 0xee;
    expect(await read(disk)).toMatchObject({
      kind: 'gpt',
      partitions: [],
      warnings: ['the primary GPT header does not match its CRC; neither can the backup: it does not match its CRC'],
    });
  });

  it('a hybrid MBR in front of a GPT', async () => {
    const disk = sfdisk(GPT);
    disk.set(disk.slice(446, 462), 462);
    disk[462 + 4] = 0x83;
    expect(await read(disk)).toMatchObject({ kind: 'hybrid', partitions: [{}, {}, {}] });
  });

  it('a GPT in sectors of 4096 bytes', async () => {
    const table = await read(inLargeSectors(sfdisk(GPT)));
    expect(table).toMatchObject({ kind: 'gpt', sectorSize: 4096, warnings: [] });
    expect(table.partitions[2]).toMatchObject({ offset: 6 * MiB, length: 50 * MiB });
  });

  it('partitions behind the end of a disk that was cut', async () => {
    const whole = sfdisk('label: dos\nstart=1MiB, size=30MiB, type=83\nstart=40MiB, size=10MiB, type=83');
    const table = await read(whole.subarray(0, 20 * MiB));
    expect(table.partitions).toMatchObject([
      { offset: MiB, length: 19 * MiB, missing: 11 * MiB },
      { offset: 20 * MiB, length: 0, missing: 10 * MiB },
    ]);
    expect(table.warnings).toHaveLength(2);
  });

  it('ends a chain of logical partitions that returns to itself', async () => {
    const disk = sfdisk(
      'label: dos\nstart=1MiB, size=60MiB, type=5\nstart=2MiB, size=4MiB, type=83\nstart=8MiB, size=4MiB, type=83',
    );
    const first = new DataView(disk.buffer).getUint32(446 + 8, true) * 512;
    new DataView(disk.buffer).setUint32(first + 446 + 16 + 8, 0, true);
    const table = await read(disk);
    expect(table.partitions).toHaveLength(1);
    expect(table.warnings).toEqual([expect.stringContaining('returns to itself')]);
  });
});

describe('readPartitionTable()', () => {
  it('finds none on a blank disk, a short one, and one that is a filesystem', async () => {
    expect((await read(new Uint8Array(MiB))).kind).toBe('none');
    expect((await read(new Uint8Array(100))).kind).toBe('none');
    const bootSector = new Uint8Array(MiB);
    bootSector.set(Buffer.from('eb3c906d6b66732e666174', 'hex'));
    bootSector.set(Buffer.from('This is not a bootable disk.  Please insert a bootable floppy'), 446 - 20);
    bootSector.set([0x55, 0xaa], 510);
    expect((await read(bootSector)).kind).toBe('none');
  });
});
