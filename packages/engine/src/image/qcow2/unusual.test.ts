import { describe, expect, it } from 'vitest';
import {
  DATA,
  DISK,
  EXTENSIONS,
  extension,
  L1,
  L2,
  l2,
  open,
  patched,
  readAll,
  scanAll,
  stored,
  text,
  type Patch,
} from '../../../testing/hostile-qcow2.ts';
import { expectSame } from '../../../testing/image-conformance.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { KiB, MiB } from '../../base/align.ts';
import { readBytes } from '../../base/bytes.ts';
import type { DiskferryError } from '../../base/errors.ts';

describe('unusual qcow2 images that are read', () => {
  const accepted: Readonly<Record<string, readonly Patch[]>> = {
    'unknown compatible and autoclear bits': [
      [80, 2n ** 64n - 2n],
      [88, 2n ** 64n - 1n],
    ],
    'a backing file offset with length 0': [[8, 2048n]],
    'an unknown extension': [[EXTENSIONS, extension(0x12345678, seededBytes(1, 100))]],
    'a senseless bitmap extension': [[EXTENSIONS, extension(0x23852875, new Uint8Array(3).fill(255))]],
    'the name of a backing format without a backing file': [[EXTENSIONS, extension(0xe2792aca, text('raw'))]],
    'version 2': [[4, 2]],
    'an L1 table that is longer than needed': [[36, 100]],
    'the flag of an unshared table and cluster': [[L1, stored(L2) | (1n << 63n)], l2(stored(DATA) | (1n << 63n))],
    'a header of 104 bytes': [[100, 104]],
  };
  for (const [title, patches] of Object.entries(accepted)) {
    it(`reads ${title}`, async () => {
      expectSame(await readAll(patched(patches)), DISK, 0);
      expectSame(await scanAll(patched(patches)), DISK, 0);
    });
  }

  it('warns of the dirty bit', async () => {
    const image = await open(patched([[72, 1n]]));
    expect(image.facts.warnings).toEqual([expect.stringContaining('dirty bit')]);
  });

  it('rounds a size up to a sector, and says so', async () => {
    const image = await open(patched([[24, BigInt(DISK.length - 1000)]]));
    expect(image.size).toBe(DISK.length - 1000 + 488);
    expect(image.facts.warnings).toEqual([expect.stringContaining('64536 bytes')]);
    expectSame(await readBytes(image, { offset: 0, length: image.size }), DISK.slice(0, image.size), 0);
  });

  it('reads a disk of no bytes', async () => {
    expect(
      (
        await open(
          patched([
            [24, 0n],
            [36, 0],
          ]),
        )
      ).size,
    ).toBe(0);
    expect(
      await scanAll(
        patched([
          [24, 0n],
          [36, 0],
        ]),
      ),
    ).toHaveLength(0);
  });

  it('maps the largest L1 table there can be at once, and 8 PiB of nothing', async () => {
    const file = new Uint8Array(33 * MiB);
    file.set(
      patched([
        [20, 21],
        [24, 2n ** 53n - 512n],
        [36, 4 * MiB],
        [40, BigInt(2 * MiB)],
        [48, 0n],
      ]).subarray(0, 120),
    );
    const image = await open(new MemoryBytes(file.slice(0, 2 * MiB + 128 * KiB))).catch(
      (error: DiskferryError) => error,
    );
    expect(image).not.toBeInstanceOf(Error);
    const small = patched([
      [20, 9],
      [24, 2n ** 37n],
      [36, 4 * MiB],
      [40, 512n],
      [48, 0n],
    ]);
    file.set(small.subarray(0, 120));
    file.fill(0, 120);
    const started = performance.now();
    const large = await open(file);
    const extents = [];
    for await (const extent of large.extents({ offset: 0, length: large.size })) extents.push(extent);
    expect(extents).toEqual([{ kind: 'hole', offset: 0, length: 2 ** 37 }]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
