import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { ImageFormat } from '../src/image/image.ts';
import { diskContent, type DiskContent } from './disk-content.ts';
import { imageConformance, surroundings, type ImageCase } from './image-conformance.ts';
import { MemoryBytes } from './memory-bytes.ts';
import { makeImage, qemuMap, qemuRaw } from './qemu-img.ts';
import { expectQemuMap } from './qemu-map.ts';

/** One image of a generated matrix: what is on the disk, and how qemu-img is asked to store it. */
export interface QemuCase {
  readonly format: ImageFormat;
  /** qemu-img's name of the format. */
  readonly qemuFormat: string;
  readonly options: readonly string[];
  readonly content: DiskContent;
  readonly size: number;
  /** Where the images are made. */
  readonly folder: () => Promise<string>;
}

/** Conformance of an image made by qemu-img, against the disk and the map that qemu-img reads from it. */
export function qemuConformance(made: QemuCase): void {
  const title = `${made.qemuFormat} ${made.options.join(',')} of ${made.size} bytes, ${made.content}`;
  let ready: Promise<ImageCase & { path: string }> | undefined;
  const make = () => (ready ??= build(made, title));
  imageConformance(title, make);

  it(`${title} has the map that qemu-img sees`, async () => {
    const { path, format, file, disk } = await make();
    const image = await format.open(file, surroundings());
    expect(image.size).toBe(disk.length);
    await expectQemuMap(image, await qemuMap(path, made.qemuFormat));
  });
}

async function build(made: QemuCase, title: string): Promise<ImageCase & { path: string }> {
  const path = await makeImage(diskContent(made.content, made.size), {
    folder: await made.folder(),
    name: title.replaceAll(/[^\w]+/g, '-'),
    format: made.qemuFormat,
    options: made.options,
  });
  const disk = await readFile(await qemuRaw(path, made.qemuFormat));
  return { format: made.format, file: new MemoryBytes(await readFile(path)), disk, path };
}
