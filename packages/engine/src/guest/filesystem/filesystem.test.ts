import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesystemConformance } from '../../../testing/filesystem-conformance.ts';
import {
  madeByMke2fs,
  madeByMkfsBtrfs,
  madeByMkfsFat,
  madeByMkfsXfs,
  madeByWimapply,
} from '../../../testing/filesystem-makers.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool } from '../../../testing/tools.ts';
import { openBtrfs } from './btrfs/btrfs.ts';
import { openExt } from './ext/ext.ts';
import { openFat } from './fat/fat.ts';
import { openNtfs } from './ntfs/ntfs.ts';
import { openXfs } from './xfs/xfs.ts';

const EXT: Record<string, string[]> = {
  'ext2, blocks of 1 KiB': ['-t', 'ext2', '-b', '1024'],
  'ext3, inodes of 128 bytes': ['-t', 'ext3', '-I', '128'],
  ext4: ['-t', 'ext4'],
  'ext4, 32 bits, blocks of 1 KiB': ['-t', 'ext4', '-b', '1024', '-O', '^64bit'],
  'ext4 with inline data': ['-t', 'ext4', '-I', '256', '-O', 'inline_data'],
  'ext4 with meta groups': ['-t', 'ext4', '-b', '1024', '-g', '1024', '-O', 'meta_bg,^resize_inode,^flex_bg'],
};
for (const [name, flags] of Object.entries(EXT)) {
  const subject = { name: `${name} [needs mke2fs]`, make: madeByMke2fs(flags), open: openExt, hasLinks: true };
  filesystemConformance(subject, hasTool('mke2fs'));
}

const XFS: Record<string, string[]> = {
  'XFS 5': ['-m', 'crc=1'],
  'XFS 4 without file types': ['-m', 'crc=0', '-n', 'ftype=0'],
  'XFS 5, blocks of 1 KiB, directories of 8 KiB': ['-b', 'size=1024', '-n', 'size=8192'],
  'XFS 5, inodes of 2 KiB': ['-i', 'size=2048'],
};
for (const [name, flags] of Object.entries(XFS)) {
  const subject = { name: `${name} [needs mkfs.xfs]`, make: madeByMkfsXfs(flags), open: openXfs, hasLinks: true };
  filesystemConformance(subject, hasTool('mkfs.xfs'));
}

const BTRFS: Record<string, string[]> = {
  Btrfs: [],
  'Btrfs, nodes of 4 KiB, one copy': ['-n', '4096', '-m', 'single'],
  'Btrfs, data and metadata mixed': ['-M'],
  'Btrfs with xxhash': ['--csum', 'xxhash', '-O', '^no-holes'],
};
for (const [name, flags] of Object.entries(BTRFS)) {
  const subject = { name: `${name} [needs mkfs.btrfs]`, make: madeByMkfsBtrfs(flags), open: openBtrfs, hasLinks: true };
  filesystemConformance(subject, hasTool('mkfs.btrfs'));
}

const FAT: Record<string, [string[], number]> = {
  FAT12: [['-F', '12', '-s', '8'], 14],
  FAT16: [['-F', '16'], 32],
  FAT32: [['-F', '32', '-s', '1'], 48],
};
for (const [name, [flags, size]] of Object.entries(FAT)) {
  const make = madeByMkfsFat(flags, size);
  const subject = { name: `${name} [needs mkfs.fat mcopy]`, make, open: openFat, hasLinks: false, caseless: true };
  filesystemConformance(subject, hasTool('mkfs.fat') && hasTool('mcopy'));
}

const NTFS: Record<string, string[]> = {
  NTFS: [],
  'NTFS, clusters of 512 bytes': ['-c', '512'],
  'NTFS, clusters of 64 KiB': ['-c', '65536'],
};
for (const [name, flags] of Object.entries(NTFS)) {
  const make = madeByWimapply(flags);
  const subject = { name: `${name} [needs mkfs.ntfs wimapply]`, make, open: openNtfs, hasLinks: false, caseless: true };
  filesystemConformance(subject, hasTool('mkfs.ntfs') && hasTool('wimapply'));
}

describe.skipIf(!hasTool('mkfs.xfs'))('openXfs() [needs mkfs.xfs]', async () => {
  const folder = await tempFolder();

  it('reads a long link whose block has a header', async () => {
    const target = `${'../there/'.repeat(40)}file`;
    mkdirSync(join(folder, 'tree', 'there'), { recursive: true });
    symlinkSync(target, join(folder, 'tree', 'there', 'link'));
    writeFileSync(join(folder, 'tree', 'there', 'file'), 'found');
    await madeByMkfsXfs([])(join(folder, 'tree'), join(folder, 'image'));
    const image = readFileSync(join(folder, 'image'));
    const at = image.indexOf(target);
    expect(at % 4096).toBe(0);
    image.copyWithin(at + 56, at, at + target.length);
    image.write('XSLM', at);
    const filesystem = await openXfs(new MemoryBytes(new Uint8Array(image)));
    expect(Buffer.from((await filesystem.read('/there/link', 100)) ?? []).toString()).toBe('found');
  });
});
