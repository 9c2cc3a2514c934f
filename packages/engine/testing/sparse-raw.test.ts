import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { raw } from '../src/image/raw/raw.ts';
import { vhd } from '../src/image/vhd/vhd.ts';
import { FileSource } from '../src/source/file/file-source.ts';
import { expectSame, surroundings } from './image-conformance.ts';
import { qemuMap } from './qemu-img.ts';
import { expectQemuMap } from './qemu-map.ts';
import { seededBytes } from './seeded.ts';
import { tempFolder } from './temp.ts';
import { hasTool } from './tools.ts';
import { vhdFooter } from './vhd-image.ts';

const MiB = 1 << 20;
const SIZE = 64 * MiB + 512;
const noise = seededBytes(8, 300_000);
const WRITTEN = [0, 3 * MiB + 77, 20 * MiB, 64 * MiB + 512 - 300_000];

/** A file with holes, made the way a hypervisor leaves one. */
async function sparseFile(path: string, end?: Uint8Array): Promise<string> {
  const file = await open(path, 'w');
  await file.truncate(SIZE);
  for (const at of WRITTEN) await file.write(noise, 0, noise.length, at);
  if (end) await file.write(end, 0, end.length, SIZE);
  await file.close();
  return path;
}

describe('a sparse file', () => {
  const folder = tempFolder();

  it.skipIf(!hasTool('qemu-img'))('has the holes that qemu-img sees [needs qemu-img]', async () => {
    const path = await sparseFile(join(await folder, 'sparse.raw'));
    const source = new FileSource(path);
    const image = await raw.open(await source.bytes(await source.identify()), surroundings());
    const map = await qemuMap(path, 'raw');
    for (const entry of map.filter(({ data }) => !data)) {
      for await (const extent of image.extents({ offset: entry.start, length: entry.length })) {
        expect(extent.kind, `at ${extent.offset}`).toBe('hole');
      }
    }
    await expectQemuMap(image, map);
    await image.files[0]?.[Symbol.asyncDispose]();
  });

  it('keeps its holes behind the footer of a fixed VHD', async () => {
    const footer = vhdFooter({ size: SIZE, blocks: [], blockSize: 0 }, 2);
    const source = new FileSource(await sparseFile(join(await folder, 'sparse.vhd'), footer));
    await using file = await source.bytes(await source.identify());
    const image = await vhd.open(file, surroundings());
    expect(image.size).toBe(SIZE);
    let data = 0;
    for await (const extent of image.extents({ offset: 0, length: SIZE }))
      if (extent.kind === 'data') data += extent.length;
    expect(data).toBeLessThan(4 * MiB);
    for (const at of WRITTEN) {
      const found = new Uint8Array(noise.length);
      await image.read(at, found);
      expectSame(found, noise, at);
    }
  });
});
