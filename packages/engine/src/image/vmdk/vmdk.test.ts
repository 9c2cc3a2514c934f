import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskContent, type DiskContent } from '../../../testing/disk-content.ts';
import { fileBytes } from '../../../testing/file-bytes.ts';
import { expectSame, imageConformance, surroundings, type ImageCase } from '../../../testing/image-conformance.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { makeImage, qemuIo, qemuMap, qemuRaw } from '../../../testing/qemu-img.ts';
import { expectQemuMap } from '../../../testing/qemu-map.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, run } from '../../../testing/tools.ts';
import { GiB, KiB, MiB, TiB } from '../../base/align.ts';
import { readBytes, type Bytes } from '../../base/bytes.ts';
import type { Image } from '../image.ts';
import { vmdk } from './vmdk.ts';

interface Variant {
  readonly options: readonly string[];
  readonly content: DiskContent;
  readonly size: number;
}

const SPLIT = ['twoGbMaxExtentSparse', 'twoGbMaxExtentFlat'];
const SUBFORMATS = ['monolithicSparse', 'streamOptimized', 'monolithicFlat', ...SPLIT];

function* matrix(): Generator<Variant> {
  for (const subformat of SUBFORMATS) {
    yield { options: [`subformat=${subformat}`], content: 'random', size: 512 };
    yield { options: [`subformat=${subformat}`, 'adapter_type=lsilogic'], content: 'mix', size: MiB + 512 };
    yield { options: [`subformat=${subformat}`], content: 'mix', size: 33 * MiB + 3584 };
  }
  for (const subformat of ['monolithicSparse', 'streamOptimized']) {
    const options = [`subformat=${subformat}`];
    yield { options, content: 'text', size: 64 * KiB + 512 };
    yield { options, content: 'empty', size: 3 * MiB };
    yield { options, content: 'random', size: 2 * MiB + 512 };
    yield { options: [...options, 'zeroed_grain=on'], content: 'mix', size: MiB + 512 };
    yield { options: [...options, 'adapter_type=buslogic', 'hwversion=6'], content: 'text', size: 200 * 512 };
  }
  yield { options: ['adapter_type=legacyESX', 'toolsversion=10'], content: 'mix', size: 2 * MiB };
  yield { options: ['compat6=on'], content: 'mix', size: 2 * MiB };
  yield { options: ['subformat=twoGbMaxExtentSparse', 'zeroed_grain=on'], content: 'mix', size: MiB + 512 };
}

describe.skipIf(!hasTool('qemu-img'))('VMDK by qemu-img [needs qemu-img]', () => {
  const root = tempFolder();
  for (const variant of matrix()) {
    const title = `${variant.options.join(',')} of ${variant.size} bytes, ${variant.content}`;
    let made: Promise<ImageCase & { path: string }> | undefined;
    const make = () => (made ??= build(variant, title));
    imageConformance(title, make);

    it.skipIf(title.includes('Flat'))(`${title} has the map that qemu-img sees`, async () => {
      const { path } = await make();
      await expectQemuMap(await opened(make), await qemuMap(path, 'vmdk'));
    });
  }

  async function build(variant: Variant, title: string): Promise<ImageCase & { path: string }> {
    const folder = join(await root, title.replaceAll(/\W+/g, '-'));
    await mkdir(folder);
    const content = diskContent(variant.content, variant.size);
    const path = await makeImage(content, { folder, name: 'disk.vmdk', format: 'vmdk', options: variant.options });
    const disk = await readFile(await qemuRaw(path, 'vmdk'));
    expectSame(disk, content, 0);
    const files = await inMemory(folder);
    const { 'disk.vmdk': file = new MemoryBytes(content), ...companions } = files;
    const scannable = Object.keys(companions).length === 0;
    return { format: vmdk, file, disk, companions, scannable, path };
  }

  it('reads zeroed grains as zeros that are written down', async () => {
    const path = join(await root, 'zeroed.vmdk');
    await run('qemu-img', ['create', '-f', 'vmdk', '-o', 'zeroed_grain=on', path, '4M']);
    await qemuIo(path, 'vmdk', ['write -P 7 0 192k', 'write -z 64k 64k', 'write -z 1M 512k']);
    await using file = await fileBytes(path);
    const image = await vmdk.open(file, surroundings());
    expect(image.facts.features).toContain('zeroed-grains');
    expect(await kinds(image)).toEqual([
      ['data', 64 * KiB],
      ['zero', 64 * KiB],
      ['data', 64 * KiB],
      ['hole', 832 * KiB],
      ['zero', 512 * KiB],
      ['hole', 2560 * KiB],
    ]);
    await expectQemuMap(image, await qemuMap(path, 'vmdk'));
  });

  for (const subformat of SPLIT) {
    it(`joins the files of a disk of 5 GiB as ${subformat}`, async () => {
      const folder = join(await root, `${subformat}-5G`);
      await mkdir(folder);
      const path = join(folder, 'disk.vmdk');
      await run('qemu-img', ['create', '-f', 'vmdk', '-o', `subformat=${subformat}`, path, '5G']);
      const across = 2 * GiB - 100 * KiB;
      await qemuIo(path, 'vmdk', [`write -P 3 ${across} 200k`, 'write -P 4 5368708608 512', 'write -P 5 0 512']);
      await using given = new AsyncDisposableStack();
      const companions = await onDisk(folder, given);
      const image = await vmdk.open(given.use(await fileBytes(path)), surroundings(companions));
      expect(image.size).toBe(5 * GiB);
      expect(image.files).toHaveLength(3);
      expectSame(
        await readBytes(image, { offset: across, length: 200 * KiB }),
        new Uint8Array(200 * KiB).fill(3),
        across,
      );
      const end = await readBytes(image, { offset: 5 * GiB - 1024, length: 1024 });
      expect([end[511], end[512], end[1023]]).toEqual([0, 4, 4]);
      if (subformat === 'twoGbMaxExtentSparse') await expectQemuMap(image, await qemuMap(path, 'vmdk'));
    });
  }

  it('maps an empty disk of 1 TiB whose tables were all made in advance', async () => {
    const path = join(await root, 'huge.vmdk');
    await run('qemu-img', ['create', '-f', 'vmdk', path, '1T']);
    await using file = await fileBytes(path);
    const image = await vmdk.open(file, surroundings());
    expect(await kinds(image)).toEqual([['hole', TiB]]);
  });
});

async function opened(make: () => Promise<ImageCase>): Promise<Image> {
  const { file, companions } = await make();
  return vmdk.open(file, surroundings(companions));
}

async function kinds(image: Image): Promise<[string, number][]> {
  const runs: [string, number][] = [];
  for await (const extent of image.extents({ offset: 0, length: image.size })) runs.push([extent.kind, extent.length]);
  return runs;
}

async function inMemory(folder: string): Promise<Record<string, Bytes>> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.raw'));
  const files = names.map(async (name) => [name, new MemoryBytes(await readFile(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(files));
}

async function onDisk(folder: string, given: AsyncDisposableStack): Promise<Record<string, Bytes>> {
  const names = await readdir(folder);
  const files = names.map(async (name) => [name, given.use(await fileBytes(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(files));
}
