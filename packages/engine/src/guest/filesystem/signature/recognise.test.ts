import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileBytes } from '../../../../testing/file-bytes.ts';
import { fuzzGuest } from '../../../../testing/guest-fuzz.ts';
import { MemoryBytes } from '../../../../testing/memory-bytes.ts';
import { tempFolder } from '../../../../testing/temp.ts';
import { hasTool, run } from '../../../../testing/tools.ts';
import { MiB } from '../../../base/align.ts';
import { recognise } from './recognise.ts';

const folder = await tempFolder();
let made = 0;
const UUID = 'd15cfe11-0000-4000-8000-000000000001';

async function image(mebibytes: number, tool: string, ...flags: string[]): Promise<string> {
  const path = join(folder, `image-${made++}`);
  writeFileSync(path, '');
  truncateSync(path, mebibytes * MiB);
  await run(tool, [...flags, path]);
  return path;
}

const kindOf = async (disk: Uint8Array) => await recognise(new MemoryBytes(disk));

async function look(path: string) {
  await using file = await fileBytes(path);
  return await recognise(file);
}

function marked(size: number, marks: Record<number, string | number[]>): Uint8Array {
  const disk = new Uint8Array(size);
  for (const [at, mark] of Object.entries(marks)) {
    disk.set(typeof mark === 'string' ? Buffer.from(mark, 'latin1') : mark, Number(at));
  }
  return disk;
}

describe('recognise()', () => {
  it.skipIf(!hasTool('mke2fs'))('ext2, ext3 and ext4 [needs mke2fs]', async () => {
    for (const kind of ['ext2', 'ext3', 'ext4']) {
      const path = await image(16, 'mke2fs', '-q', '-F', '-t', kind, '-L', `the ${kind}`, '-U', UUID);
      const found = await look(path);
      expect(found).toMatchObject({ kind, label: `the ${kind}`, uuid: UUID, size: 16 * MiB, states: [] });
      expect(found?.used).toBeGreaterThan(0);
      expect(found?.used).toBeLessThan(8 * MiB);
    }
  });

  it.skipIf(!hasTool('mke2fs') || !hasTool('debugfs'))(
    'a journal to be replayed, errors, and no clean end [needs mke2fs debugfs]',
    async () => {
      const path = await image(16, 'mke2fs', '-q', '-F', '-t', 'ext4');
      await run('debugfs', ['-w', '-R', 'feature needs_recovery', path]);
      expect((await look(path))?.states).toEqual(['needs-recovery']);
      const unclean = await image(16, 'mke2fs', '-q', '-F', '-t', 'ext2');
      await run('debugfs', ['-w', '-R', 'set_super_value state 2', unclean]);
      expect((await look(unclean))?.states).toEqual(['dirty', 'errors']);
    },
  );

  it.skipIf(!hasTool('mkfs.xfs'))('XFS [needs mkfs.xfs]', async () => {
    const path = await image(64, 'mkfs.xfs', '-q', '--unsupported', '-L', 'data', '-m', `uuid=${UUID}`);
    expect(await look(path)).toMatchObject({
      kind: 'xfs',
      label: 'data',
      uuid: UUID,
      size: 64 * MiB,
      detail: 'version 5',
    });
  });

  it.skipIf(!hasTool('mkfs.btrfs'))('Btrfs [needs mkfs.btrfs]', async () => {
    const path = await image(128, 'mkfs.btrfs', '-q', '-L', 'pool', '-U', UUID);
    expect(await look(path)).toMatchObject({ kind: 'btrfs', label: 'pool', uuid: UUID, size: 128 * MiB, states: [] });
  });

  it.skipIf(!hasTool('mkfs.fat'))('FAT in its three widths [needs mkfs.fat]', async () => {
    for (const [bits, size] of [
      ['12', 2],
      ['16', 32],
      ['32', 64],
    ] as const) {
      const path = await image(size, 'mkfs.fat', '-F', bits, '-n', 'EFI', '-i', '12345678');
      expect(await look(path)).toMatchObject({ kind: `fat${bits}`, label: 'EFI', uuid: '1234-5678', size: size * MiB });
    }
  });

  it.skipIf(!hasTool('mkfs.ntfs'))('NTFS, and that it is dirty [needs mkfs.ntfs]', async () => {
    const path = await image(16, 'mkfs.ntfs', '-q', '-F', '-f', '-L', 'Windöws');
    expect(await look(path)).toMatchObject({ kind: 'ntfs', label: 'Windöws', states: [], detail: 'version 3.1' });
    const disk = readFileSync(path);
    const record = 4 * 4096 + 3 * 1024;
    const information = disk.indexOf(Buffer.from([0x70, 0, 0, 0]), record);
    const value = information + disk.readUInt16LE(information + 20);
    disk.writeUInt16LE(1, value + 10);
    expect((await recognise(new MemoryBytes(new Uint8Array(disk))))?.states).toEqual(['dirty']);
  });

  it.skipIf(!hasTool('mkswap'))('swap, and what sleeps on it [needs mkswap]', async () => {
    const path = await image(8, 'mkswap', '-L', 'swap1', '-U', UUID);
    expect(await look(path)).toMatchObject({ kind: 'swap', label: 'swap1', uuid: UUID, size: 8 * MiB, states: [] });
    const disk = readFileSync(path);
    disk.write('S1SUSPEND', 4096 - 10);
    expect((await recognise(new MemoryBytes(new Uint8Array(disk))))?.states).toEqual(['hibernated']);
  });

  it.skipIf(!hasTool('cryptsetup'))('LUKS in both versions [needs cryptsetup]', async () => {
    for (const type of ['luks1', 'luks2']) {
      const path = join(folder, type);
      writeFileSync(path, '');
      truncateSync(path, 20 * MiB);
      writeFileSync(`${path}.key`, 'secret');
      const cheap = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000'];
      await run('cryptsetup', ['luksFormat', '-q', '--type', type, ...cheap, '--uuid', UUID, path, `${path}.key`]);
      expect(await look(path)).toMatchObject({ kind: 'luks', uuid: UUID, detail: `version ${type.at(-1)}` });
    }
  });

  it('BitLocker, exFAT, ISO 9660 and members of a RAID by their marks', async () => {
    expect(await kindOf(marked(MiB, { 3: '-FVE-FS-' }))).toMatchObject({ kind: 'bitlocker' });
    expect(await kindOf(marked(MiB, { 3: 'EXFAT   ', 108: [9] }))).toMatchObject({ kind: 'exfat' });
    const iso = marked(MiB, {
      32769: 'CD001',
      32808: 'INSTALL',
      34816: [0],
      34817: 'CD001',
      34823: 'EL TORITO SPECIFICATION',
    });
    expect(await kindOf(iso)).toMatchObject({ kind: 'iso9660', label: 'INSTALL', detail: 'bootable (El Torito)' });
    const raid = { 4096: [0xfc, 0x4e, 0x2b, 0xa9, 1], 4168: [1], 4188: [2] };
    expect(await kindOf(marked(MiB, raid))).toMatchObject({
      kind: 'md',
      detail: 'RAID 1 of 2 devices',
      states: ['incomplete'],
    });
  });

  it('nothing on a blank disk, a short one, and one of text', async () => {
    for (const disk of [new Uint8Array(MiB), new Uint8Array(3), marked(MiB, { 0: 'hello world' })]) {
      expect(await recognise(new MemoryBytes(disk))).toBeUndefined();
    }
  });

  it.skipIf(!hasTool('mkfs.ntfs') || !hasTool('mke2fs'))(
    'gives an answer under mutation [needs mkfs.ntfs mke2fs]',
    async () => {
      const paths = [await image(2, 'mkfs.ntfs', '-q', '-F', '-f'), await image(16, 'mke2fs', '-q', '-F')];
      const seeds = paths.map((path) => new Uint8Array(readFileSync(path)));
      const report = await fuzzGuest('signatures', seeds, recognise, { seed: 1, milliseconds: 1500 });
      expect(report).toMatchObject({ refused: 0 });
      expect(report.cases).toBeGreaterThan(50);
    },
  );
});
