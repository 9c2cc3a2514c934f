import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Bytes } from '../../base/bytes.ts';
import {
  madeByMke2fs,
  madeByMkfsFat,
  madeByMkfsXfs,
  madeByWimapply,
  type MakeFilesystem,
} from '../../../testing/filesystem-makers.ts';
import { fuzzGuest } from '../../../testing/guest-fuzz.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool } from '../../../testing/tools.ts';
import { openExt } from './ext/ext.ts';
import { openFat } from './fat/fat.ts';
import type { Filesystem } from './filesystem.ts';
import { recognise } from './signature/recognise.ts';
import { openNtfs } from './ntfs/ntfs.ts';
import { openXfs } from './xfs/xfs.ts';

const folder = await tempFolder();

async function seedOf(make: MakeFilesystem, hasLinks: boolean): Promise<Uint8Array> {
  const tree = join(folder, `tree-${hasLinks}`);
  mkdirSync(join(tree, 'etc', 'deep'), { recursive: true });
  for (let index = 0; index < 60; index++) writeFileSync(join(tree, 'etc', `a-rather-long-name-${index}`), 'x');
  writeFileSync(join(tree, 'large'), seededBytes(1, 100_000));
  if (hasLinks) symlinkSync('../large', join(tree, 'etc', `link-${Date.now()}`));
  const image = join(folder, `image-${Math.random()}`);
  await make(tree, image);
  return new Uint8Array(readFileSync(image));
}

/** Everything there is, as far as it goes: a walk over all names, with a look at what each one is. */
async function walkAll(filesystem: Filesystem, path = '', depth = 0): Promise<void> {
  for (const name of (await filesystem.list(path)).slice(0, 100)) {
    const found = await filesystem.lookup(`${path}/${name}`);
    if (found?.kind === 'file')
      await (await filesystem.open(found.path))?.read(0, new Uint8Array(Math.min(found.size, 200_000)));
    if (found?.kind === 'directory' && depth < 4) await walkAll(filesystem, `${path}/${name}`, depth + 1);
  }
}

async function fuzz(name: string, seeds: Uint8Array[], open: (part: Bytes) => Promise<Filesystem>): Promise<void> {
  const read = async (disk: Bytes) => {
    await recognise(disk);
    await walkAll(await open(disk));
  };
  const report = await fuzzGuest(name, seeds, read, { seed: 1, milliseconds: 2500 });
  expect(report.cases).toBeGreaterThan(20);
  expect(report.refused).toBeLessThan(report.cases);
}

it.skipIf(!hasTool('mke2fs'))('ext under mutation [needs mke2fs]', async () => {
  const flags = [
    ['-t', 'ext2', '-b', '1024'],
    ['-t', 'ext4', '-b', '1024', '-O', 'inline_data,^has_journal'],
  ];
  await fuzz('ext', await Promise.all(flags.map((flag) => seedOf(madeByMke2fs(flag, 1), true))), openExt);
});

it.skipIf(!hasTool('mkfs.xfs'))('XFS under mutation [needs mkfs.xfs]', async () => {
  const flags = [
    ['-m', 'crc=0'],
    ['-m', 'crc=1', '-b', 'size=1024'],
  ];
  await fuzz('XFS', await Promise.all(flags.map((flag) => seedOf(madeByMkfsXfs(flag, 16), true))), openXfs);
});

it.skipIf(!hasTool('mkfs.fat') || !hasTool('mcopy'))('FAT under mutation [needs mkfs.fat mcopy]', async () => {
  const flags = [
    ['-F', '12'],
    ['-F', '16', '-s', '1'],
    ['-F', '32', '-s', '1'],
  ];
  await fuzz(
    'FAT',
    await Promise.all(flags.map((flag, turn) => seedOf(madeByMkfsFat(flag, [1, 4, 34][turn]), false))),
    openFat,
  );
});

it.skipIf(!hasTool('mkfs.ntfs') || !hasTool('wimapply'))('NTFS under mutation [needs mkfs.ntfs wimapply]', async () => {
  await fuzz('NTFS', [await seedOf(madeByWimapply([], 4), false)], openNtfs);
});
