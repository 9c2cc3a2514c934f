import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bytes } from '../src/base/bytes.ts';
import { Budget } from '../src/guest/cache/budget.ts';
import { FrugalBytes } from '../src/guest/cache/frugal-bytes.ts';
import type { Filesystem } from '../src/guest/filesystem/filesystem.ts';
import { fileBytes } from './file-bytes.ts';
import type { MakeFilesystem } from './filesystem-makers.ts';
import { seededBytes } from './seeded.ts';
import { tempFolder } from './temp.ts';

interface Subject {
  readonly name: string;
  readonly make: MakeFilesystem;
  readonly open: (part: Bytes) => Promise<Filesystem>;
  readonly hasLinks: boolean;
  /** Names as FAT has them: without regard to case. */
  readonly caseless?: boolean;
}

const LONG = 'a-name-that-is-much-longer-than-eight-letters-and-three-'.repeat(3);
const SIZES = [0, 1, 25, 59, 60, 61, 511, 512, 513, 1023, 1024, 1025, 4095, 4096, 4097, 70_000, 300_001, 3_000_000];

/** What every reader of a filesystem must do, on images that the filesystem's own tools made. */
export function filesystemConformance(subject: Subject, isReady: boolean): void {
  describe.skipIf(!isReady)(`${subject.name} as a Filesystem`, async () => {
    const work = await tempFolder();
    const folder = join(work, 'tree');
    let filesystem: Filesystem;
    let image: Bytes | undefined;
    afterAll(() => image?.[Symbol.asyncDispose]());
    beforeAll(async () => {
      makeTree(folder, subject);
      await subject.make(folder, join(work, 'image'));
      image = await fileBytes(join(work, 'image'));
      filesystem = await subject.open(new FrugalBytes(image, new Budget()));
    });

    it('gives every file as it was put in', async () => {
      for (const path of filesOf(folder)) {
        const expected = new Uint8Array(readFileSync(join(folder, path)));
        const found = await filesystem.lookup(path);
        expect(found, path).toMatchObject({ path: `/${path}`, kind: 'file', size: expected.length });
        const read = (await filesystem.read(path, 10_000_000)) ?? new Uint8Array(0);
        expect(Buffer.compare(read, expected), path).toBe(0);
      }
    });

    it('gives ranges of a file at odd offsets', async () => {
      const expected = new Uint8Array(readFileSync(join(folder, 'sizes', 'file-3000000')));
      const file = (await filesystem.open('/sizes/file-3000000')) as Bytes;
      for (const [offset, length] of [
        [0, 1],
        [4095, 2],
        [65_537, 70_000],
        [2_999_999, 1],
        [1, 2_999_999],
      ] as const) {
        const into = new Uint8Array(length);
        await file.read(offset, into);
        expect(Buffer.compare(into, expected.subarray(offset, offset + length))).toBe(0);
      }
      await expect(file.read(2_999_999, new Uint8Array(2))).rejects.toThrow('outside of its content');
    });

    it('lists directories: none, one, and hundreds of names', async () => {
      for (const path of ['', 'sizes', 'empty', 'many', 'deep/er/and']) {
        const names = (await filesystem.list(`/${path}`)).filter((name) => name !== 'lost+found');
        expect(names, path).toEqual(readdirSync(join(folder, path)).toSorted());
      }
      expect(await filesystem.list('/sizes/file-1')).toEqual([]);
      expect(await filesystem.list('/not/there')).toEqual([]);
    });

    it('finds nothing where nothing is, and tells directories from files', async () => {
      expect(await filesystem.lookup('/not/there')).toBeUndefined();
      expect(await filesystem.lookup('/sizes/file-1/below')).toBeUndefined();
      expect(await filesystem.read('/sizes', 100)).toBeUndefined();
      expect(await filesystem.lookup('//deep/./er/../er/')).toMatchObject({ path: '/deep/er', kind: 'directory' });
      expect(await filesystem.lookup('/../..')).toMatchObject({ path: '/', kind: 'directory' });
    });

    it('reads no more than it may', async () => {
      await expect(filesystem.read('/sizes/file-4097', 4096)).rejects.toThrow('4097 bytes; 4096 are allowed');
    });

    itWith(subject.hasLinks)('follows symbolic links within the filesystem, and not for ever', async () => {
      const content = async (path: string) => Buffer.from((await filesystem.read(path, 1000)) ?? []).length;
      expect(await filesystem.lookup('/links/relative')).toMatchObject({ path: '/sizes/file-25', size: 25 });
      expect(await content('/links/absolute')).toBe(25);
      expect(await content('/links/through/file-61')).toBe(61);
      expect(await content('/links/long')).toBe(25);
      expect(await content('/links/outside')).toBe(25);
      expect(await filesystem.lookup('/links/dangling')).toBeUndefined();
      await expect(filesystem.lookup('/links/loop-a')).rejects.toThrow('symbolic links');
    });

    itWith(subject.caseless)('takes A and a for one name', async () => {
      expect(await filesystem.lookup('/SIZES/File-25')).toMatchObject({ path: '/sizes/file-25' });
    });
  });
}

/** A test that a subject without the power does not have, rather than one that is skipped. */
function itWith(power: boolean | undefined): (name: string, test: () => Promise<void>) => void {
  return (name, test) => void (power && it(name, test));
}

function makeTree(folder: string, { hasLinks }: Subject): void {
  for (const path of ['sizes', 'empty', 'many', 'deep/er/and/deeper', 'links']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  for (const size of SIZES) writeFileSync(join(folder, 'sizes', `file-${size}`), seededBytes(size, size));
  writeFileSync(join(folder, 'deep/er/and/deeper', `${LONG}.txt`), 'long');
  writeFileSync(join(folder, 'deep', 'héllo-日本.txt'), 'unicode');
  for (let index = 0; index < 700; index++) {
    const name = `${String(index).padStart(4, '0')}-${index % 7 === 0 ? LONG.slice(0, 100) : 'short'}`;
    writeFileSync(join(folder, 'many', name), String(index));
  }
  writeFileSync(join(folder, 'sparse'), 'begin');
  truncateSync(join(folder, 'sparse'), 2_000_000);
  writeFileSync(join(folder, 'sparse'), 'end', { flag: 'a' });
  if (!hasLinks) return;
  const link = (name: string, target: string) => symlinkSync(target, join(folder, 'links', name));
  link('relative', '../sizes/file-25');
  link('absolute', '/sizes/file-25');
  link('through', '../links/../sizes');
  link('long', `${'../links/'.repeat(40)}../sizes/file-25`);
  link('outside', '../../../../sizes/file-25');
  link('dangling', 'nowhere');
  link('loop-a', 'loop-b');
  link('loop-b', 'loop-a');
}

function filesOf(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below)).flatMap((name) => {
    const path = below === '' ? name : `${below}/${name}`;
    if (path === 'links') return [];
    return statSync(join(folder, path)).isDirectory() ? filesOf(folder, path) : [path];
  });
}
