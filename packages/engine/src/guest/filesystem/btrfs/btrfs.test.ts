import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BtrfsImage, packExtents, putIntoSubvolume } from '../../../../testing/btrfs-image.ts';
import { madeByMkfsBtrfs } from '../../../../testing/filesystem-makers.ts';
import { fuzzGuest } from '../../../../testing/guest-fuzz.ts';
import { MemoryBytes } from '../../../../testing/memory-bytes.ts';
import { tempFolder } from '../../../../testing/temp.ts';
import { hasTool, run } from '../../../../testing/tools.ts';
import { crc32c } from '../../../base/crc32c.ts';
import { Budget } from '../../cache/budget.ts';
import { FrugalBytes } from '../../cache/frugal-bytes.ts';
import type { Filesystem } from '../filesystem.ts';
import { openBtrfs } from './btrfs.ts';

const folder = await tempFolder();
const TEXT = Buffer.from(
  Array.from({ length: 3000 }, (_, line) => `line ${line} of a text that packs well\n`).join(''),
);
const FILES = {
  'etc/os-release': 'ID=fedora\n',
  'etc/long': TEXT,
  'etc/longer': Buffer.concat([TEXT, TEXT, TEXT]),
  'etc/little': TEXT.subarray(0, 1500),
};
let made = 0;

/** Small enough for trees of one leaf. */
async function imageOf(flags: readonly string[] = [], mebibytes = 128): Promise<Buffer> {
  const tree = join(folder, `tree-${made}`);
  mkdirSync(join(tree, 'etc'), { recursive: true });
  for (const [path, content] of Object.entries(FILES)) writeFileSync(join(tree, path), content);
  const path = join(folder, `image-${made++}`);
  await madeByMkfsBtrfs(flags, mebibytes)(tree, path);
  return readFileSync(path);
}

const opened = (image: Uint8Array) => openBtrfs(new FrugalBytes(new MemoryBytes(image), new Budget()));

async function textOf(files: Filesystem | undefined, path: string): Promise<string | undefined> {
  const bytes = await files?.read(path, 1_000_000);
  return bytes && Buffer.from(bytes).toString();
}

/** What btrfs-progs takes out of the image, without mounting it. */
async function restored(image: Buffer, below = ''): Promise<Record<string, string>> {
  const path = join(folder, `restored-${made++}`);
  writeFileSync(path, image);
  mkdirSync(`${path}-files`);
  await run('btrfs', ['restore', path, `${path}-files`]);
  const names = Object.keys(FILES);
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(`${path}-files`, below, name), 'utf8')]));
}

const EXPECTED = Object.fromEntries(Object.entries(FILES).map(([path, content]) => [path, content.toString()]));

describe.skipIf(!hasTool('mkfs.btrfs') || !hasTool('btrfs'))('openBtrfs() [needs mkfs.btrfs btrfs]', () => {
  it.each(['zlib', 'zstd'] as const)(
    'reads extents packed by %s, in the tree and outside of it, as btrfs-progs does',
    async (how) => {
      const image = await imageOf();
      expect(packExtents(image, how)).toBeGreaterThanOrEqual(3);
      expect(await restored(image)).toEqual(EXPECTED);
      const files = await opened(image);
      for (const [path, content] of Object.entries(EXPECTED)) expect(await textOf(files, path), path).toBe(content);
      const into = new Uint8Array(1000);
      await (await files.open('/etc/long'))?.read(70_001, into);
      expect(Buffer.compare(into, TEXT.subarray(70_001, 71_001))).toBe(0);
    },
  );

  it('says by what a file is packed that it cannot read', async () => {
    const image = await imageOf();
    packExtents(image, 'zlib');
    const edited = new BtrfsImage(image);
    const leaf = edited.leafOf(5n);
    const items = edited.itemsAt(leaf);
    for (const { type, data } of items) if (type === 108 && data.readUInt8(16) === 1) data.writeUInt8(2, 16);
    edited.writeLeaf(leaf, items);
    await expect(textOf(await opened(image), '/etc/long')).rejects.toThrow('packed by lzo');
  });

  it('goes through subvolumes, and opens them as mount options name them', async () => {
    const image = await imageOf();
    putIntoSubvolume(image, '@');
    expect(await restored(image, '@')).toEqual(EXPECTED);
    const files = await opened(image);
    expect(await files.list('/')).toEqual(['@']);
    expect(await textOf(files, '/@/etc/os-release')).toBe('ID=fedora\n');
    expect(await files.subvolumes?.list()).toEqual(['@']);
    for (const name of ['@', '/@', 'subvolid=256']) {
      expect(await textOf(await files.subvolumes?.open(name), '/etc/os-release'), name).toBe('ID=fedora\n');
    }
    for (const name of ['@home', '@/etc', '@/etc/os-release', 'subvolid=257']) {
      expect(await files.subvolumes?.open(name), name).toBeUndefined();
    }
  });

  it('shows the default subvolume, and the top by its number', async () => {
    const image = await imageOf();
    putIntoSubvolume(image, 'root', { isDefault: true });
    const files = await opened(image);
    expect(await files.list('/')).toEqual(['etc']);
    expect(await (await files.subvolumes?.open('subvolid=5'))?.list('/')).toEqual(['root']);
  });

  it('takes the place of a subvolume in a snapshot for the empty directory that it is', async () => {
    const image = await imageOf();
    putIntoSubvolume(image, '@', { isListed: false });
    const files = await opened(image);
    expect(await files.lookup('/@')).toMatchObject({ kind: 'directory' });
    expect(await files.list('/@')).toEqual([]);
  });

  it('reads the second copy of a node where the first is damaged, and says so where both are', async () => {
    const image = await imageOf(['-m', 'dup']);
    const edited = new BtrfsImage(image);
    const [first = 0, second = 0] = edited.placesOf(edited.leafOf(5n));
    expect(second).toBeGreaterThan(0);
    image.writeUInt8(image.readUInt8(first + 5000) ^ 1, first + 5000);
    expect(await textOf(await opened(image), '/etc/os-release')).toBe('ID=fedora\n');
    image.writeUInt8(image.readUInt8(second + 5000) ^ 1, second + 5000);
    await expect(textOf(await opened(image), '/etc/os-release')).rejects.toThrow('wrong checksum');
  });

  it('refuses features that it does not know, and a superblock that is damaged', async () => {
    const image = await imageOf();
    image.writeUInt8(image.readUInt8(65_536 + 300) ^ 1, 65_536 + 300);
    await expect(opened(image)).rejects.toThrow('wrong checksum');
    image.writeBigUInt64LE(1n << 13n, 65_536 + 188);
    image.writeUInt32LE(crc32c(image.subarray(65_536 + 32, 65_536 + 4096)), 65_536);
    await expect(opened(image)).rejects.toThrow('features 0x2000');
  });

  it('gives an answer under mutation of what stands in its nodes, also behind right checksums', async () => {
    const packed = await imageOf(['-M'], 16);
    packExtents(packed, 'zstd');
    const nested = await imageOf(['-M'], 16);
    putIntoSubvolume(nested, '@');
    const seeds = [packed, nested].map(metadataOf);
    const report = await fuzzGuest('Btrfs', seeds, readDisk, { seed: 1, milliseconds: 3000 });
    expect(report.cases).toBeGreaterThan(10);
    expect(report.refused).toBeGreaterThan(0);
    expect(report.refused).toBeLessThan(report.cases);
  });
});

/** As far as anything lies, and without checksums, so that what is changed is read all the same. */
function metadataOf(image: Buffer): Uint8Array {
  let end = image.length;
  while (end > 0 && image.subarray(end - 65_536, end).every((byte) => byte === 0)) end -= 65_536;
  const copy = Buffer.from(image.subarray(0, end));
  // Of a kind that is not compared.
  copy.writeUInt16LE(1, 65_536 + 196);
  return new Uint8Array(copy);
}

async function readDisk(disk: FrugalBytes): Promise<void> {
  await readEverything(await openBtrfs(disk));
}

async function readEverything(files: Filesystem, path = '', depth = 0): Promise<void> {
  for (const name of (await files.list(`${path}/`)).slice(0, 50)) {
    const found = await files.lookup(`${path}/${name}`);
    if (found?.kind === 'directory' && depth < 4) await readEverything(files, `${path}/${name}`, depth + 1);
    else if (found && found.size < 1_000_000) await files.read(`${path}/${name}`, 1_000_000);
  }
  for (const name of depth === 0 ? ((await files.subvolumes?.list()) ?? []) : []) await files.subvolumes?.open(name);
}
