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
import { seededBytes } from '../../../testing/seeded.ts';
import { KiB, MiB } from '../../base/align.ts';
import { readBytes } from '../../base/bytes.ts';
import type { Extent } from '../image.ts';

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
    const nothing = new Uint8Array(4 * KiB);
    nothing.set(header({ size: 0n, l1Entries: 0, l1Offset: 0n }));
    expect((await open(nothing)).size).toBe(0);
    expect(await scanAll(nothing)).toHaveLength(0);
  });

  it('maps 8 PiB of nothing', async () => {
    const file = new Uint8Array(3 * MiB);
    file.set(header({ clusterBits: 21, size: 2n ** 53n - 512n, l1Entries: 4 * MiB, l1Offset: BigInt(2 * MiB) }));
    expect(await extentsOf(file)).toEqual([{ kind: 'hole', offset: 0, length: 2 ** 53 - 512 }]);
  });

  it('maps the largest L1 table there can be at once', async () => {
    const file = new Uint8Array(33 * MiB);
    file.set(header({ clusterBits: 9, size: 2n ** 37n, l1Entries: 4 * MiB, l1Offset: 512n }));
    const started = performance.now();
    expect(await extentsOf(file)).toEqual([{ kind: 'hole', offset: 0, length: 2 ** 37 }]);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

interface Words {
  readonly clusterBits?: number;
  readonly size: bigint;
  readonly l1Entries: number;
  readonly l1Offset?: bigint;
}

/** The first 120 bytes of a file of version 3. */
function header({ clusterBits = 12, size, l1Entries, l1Offset = BigInt(L1) }: Words): Uint8Array {
  const words: readonly Patch[] = [
    [20, clusterBits],
    [24, size],
    [36, l1Entries],
    [40, l1Offset],
    [48, 0n],
  ];
  return patched(words).slice(0, 120);
}

async function extentsOf(file: Uint8Array): Promise<Extent[]> {
  const image = await open(file);
  const extents: Extent[] = [];
  for await (const extent of image.extents({ offset: 0, length: image.size })) extents.push(extent);
  return extents;
}
