import { expect } from 'vitest';
import { readBytes } from '../src/base/bytes.ts';
import { DiskferryError, type ErrorCode } from '../src/base/errors.ts';
import type { Image, ImageFormat } from '../src/image/image.ts';
import { surroundings } from './image-conformance.ts';
import { MemoryBytes } from './memory-bytes.ts';

/** Opens an image, maps it and reads all of it (small disks only). */
export async function readAll(format: ImageFormat, content: Uint8Array): Promise<{ image: Image; disk: Uint8Array }> {
  const image = await format.open(new MemoryBytes(content), surroundings());
  for await (const extent of image.extents({ offset: 0, length: image.size })) expect(extent.length).toBeGreaterThan(0);
  return { image, disk: await readBytes(image, { offset: 0, length: image.size }) };
}

/** Demands that the image is refused with this code, an offset, and within a second. */
export async function expectRefused(format: ImageFormat, content: Uint8Array, code: ErrorCode): Promise<void> {
  const begun = Date.now();
  const error = await readAll(format, content).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error, 'the image was accepted').toBeInstanceOf(DiskferryError);
  expect(error).toMatchObject({ code });
  expect((error as DiskferryError).offset, 'the error says where').toBeTypeOf('number');
  expect(Date.now() - begun, 'milliseconds').toBeLessThan(1000);
}
