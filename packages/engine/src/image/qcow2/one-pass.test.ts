import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diskContent } from '../../../testing/disk-content.ts';
import { expectSame, surroundings } from '../../../testing/image-conformance.ts';
import { makeQcow2, tablesFirst, tablesLast, type Qcow2Part, type Qcow2Plan } from '../../../testing/make-qcow2.ts';
import { MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { seededRandom } from '../../../testing/seeded.ts';
import { KiB, MiB } from '../../base/align.ts';
import { readBytes } from '../../base/bytes.ts';
import { isZero } from '../../base/zero.ts';
import { SpillFile } from '../spill-file.ts';
import { onePassForecast } from './forecast.ts';
import { qcow2 } from './qcow2.ts';

interface Outcome {
  readonly disk: Uint8Array;
  readonly pieces: number;
}

async function onePass(
  file: Uint8Array,
  how: { fileSize?: number; spill?: number; chunks?: number[] } = {},
): Promise<Outcome> {
  await using spill = new SpillFile(how.spill ?? 64 * MiB);
  const scan = await qcow2.scan?.(streamOf(file, how.chunks), { fileSize: how.fileSize, spill });
  if (!scan) throw new Error('no scan');
  const disk = new Uint8Array(scan.size ?? 0);
  let pieces = 0;
  for await (const { offset, bytes } of scan.pieces()) {
    expect(isZero(disk.subarray(offset, offset + bytes.length)), 'no byte twice').toBe(true);
    disk.set(bytes, offset);
    pieces += 1;
  }
  scan.conclude();
  return { disk, pieces };
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

const KINDS = ['plain', 'packed', 'zero', 'hole'] as const;

/** A disk whose clusters are stored in all ways, in parts that lie in the file in an order given by the seed. */
function randomPlan(seed: number, clusterBits: number, codec: 'deflate' | 'zstd'): Qcow2Plan {
  const random = seededRandom(seed);
  const size = 2 ** clusterBits;
  const disk = diskContent('text', size * 150 + 512);
  const kinds = [...Array(151).keys()].map(() => KINDS[Math.floor(random() * KINDS.length)] ?? 'plain');
  for (const [index, kind] of kinds.entries()) {
    if (kind === 'zero' || kind === 'hole') disk.fill(0, index * size, (index + 1) * size);
  }
  return {
    disk,
    clusterBits,
    codec,
    kindOf: (index) => kinds[index] ?? 'hole',
    order: (parts) => shuffled(parts, random),
    packedOrder: (indexes) => (random() < 0.5 ? shuffled(indexes, random) : indexes),
  };
}

describe('one pass over a qcow2 file', () => {
  it('gives what random access gives, wherever the parts lie in the file', async () => {
    const plans = fc.record({
      seed: fc.nat(),
      clusterBits: fc.constantFrom(9, 10, 12),
      codec: fc.constantFrom('deflate' as const, 'zstd' as const),
    });
    await fc.assert(
      fc.asyncProperty(plans, fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1 }), async (made, chunks) => {
        const plan = randomPlan(made.seed, made.clusterBits, made.codec);
        const file = makeQcow2(plan);
        const image = await qcow2.open(new MemoryBytes(file), surroundings());
        expectSame(await readBytes(image, { offset: 0, length: image.size }), plan.disk, 0);
        expectSame((await onePass(file, { chunks })).disk, plan.disk, 0);
        expectSame((await onePass(file, { fileSize: file.length })).disk, plan.disk, 0);
      }),
      { numRuns: 120 },
    );
  });

  const disk = diskContent('random', 3 * MiB);
  const plan = { disk, clusterBits: 12, kindOf: (): 'plain' => 'plain' };

  it('passes plain runs on in pieces as large as the chunks', async () => {
    const file = makeQcow2({ ...plan, order: tablesFirst });
    const { disk: found, pieces } = await onePass(file, { chunks: [256 * KiB] });
    expectSame(found, disk, 0);
    expect(pieces).toBeLessThan(2 + file.length / (256 * KiB) + 2);
  });

  it('keeps everything until the tables come, where they come last', async () => {
    expectSame((await onePass(makeQcow2({ ...plan, order: tablesLast }))).disk, disk, 0);
  });

  it('goes through the spill file where it must keep more than the memory for it', async () => {
    const large = { ...plan, disk: diskContent('random', 21 * MiB), order: tablesLast };
    expectSame((await onePass(makeQcow2(large))).disk, large.disk, 0);
  });

  it('asks for a second pass when the spill is full', async () => {
    const file = makeQcow2({ ...plan, disk: diskContent('random', 21 * MiB), order: tablesLast });
    await expect(onePass(file, { spill: 9 * MiB })).rejects.toMatchObject({ code: 'image-second-pass' });
  });

  it('needs no spill at all for tables in front of their data', async () => {
    const file = makeQcow2({ ...plan, disk: diskContent('random', 21 * MiB), order: tablesFirst });
    expect((await onePass(file, { spill: 0 })).disk.length).toBe(21 * MiB);
  });

  it('refuses a file that ends early, at any place, with its size known or not', async () => {
    const mixed = randomPlan(7, 9, 'deflate');
    for (const order of [tablesFirst, tablesLast, (parts: readonly Qcow2Part[]) => shuffled(parts, seededRandom(3))]) {
      const whole = makeQcow2({ ...mixed, order });
      for (let length = 600; length < whole.length - 1024; length += 2048 + 77) {
        const cut = whole.subarray(0, length);
        const refusal = { code: 'image-truncated', offset: expect.any(Number) };
        await expect(onePass(cut)).rejects.toMatchObject(refusal);
        await expect(onePass(cut, { fileSize: length })).rejects.toMatchObject(refusal);
        await expect(onePass(cut, { fileSize: whole.length })).rejects.toMatchObject(refusal);
      }
    }
  });

  it('closes the stream when it is left early', async () => {
    let isClosed = false;
    const file = makeQcow2({ ...plan, order: tablesFirst });
    async function* stream() {
      try {
        yield* streamOf(file, [65536]);
      } finally {
        isClosed = true;
      }
    }
    await using spill = new SpillFile(0);
    const scan = await qcow2.scan?.(stream(), { fileSize: undefined, spill });
    for await (const _ of scan?.pieces() ?? []) break;
    expect(isClosed).toBe(true);
  });
});

describe('onePassForecast()', () => {
  const disk = diskContent('random', 17 * MiB);
  const plan = { disk, clusterBits: 12, kindOf: (): 'plain' => 'plain' };

  it('promises that no spill is needed where all tables lie in front', async () => {
    expect(await forecast(makeQcow2({ ...plan, order: tablesFirst }))).toMatchObject({ spill: 'none' });
  });

  it('expects a spill where the tables lie behind the data', async () => {
    const file = makeQcow2({ ...plan, order: tablesLast });
    expect(await forecast(file)).toMatchObject({ spill: 'likely', atMost: expect.any(Number) });
  });

  it('expects a spill where the L1 table is out of reach', async () => {
    const file = new Uint8Array(34 * MiB);
    file.set(makeQcow2({ ...plan, disk: diskContent('random', MiB), order: tablesLast }));
    new DataView(file.buffer).setBigUint64(40, BigInt(33 * MiB));
    expect(await forecast(file)).toMatchObject({ spill: 'likely', atMost: undefined });
  });

  it('expects none where each table lies in front of its data', async () => {
    const file = makeQcow2({ ...plan, order: inTurn });
    const told = await forecast(file);
    expect(told).toMatchObject({ spill: 'unlikely' });
    expect((await onePass(file, { spill: 0 })).disk.length).toBe(disk.length);
  });
});

/** Which 2 MiB of the disk a part belongs to: what one L2 table of 4 KiB describes. */
function placeOf({ kind, index }: Qcow2Part): number {
  if (kind === 'l1') return -1;
  return kind === 'l2' ? index : Math.floor(index / 512);
}

function inTurn(parts: readonly Qcow2Part[]): readonly Qcow2Part[] {
  return parts.toSorted((a, b) => placeOf(a) - placeOf(b) || parts.indexOf(a) - parts.indexOf(b));
}

function forecast(file: Uint8Array): ReturnType<typeof onePassForecast> {
  return onePassForecast(new MemoryBytes(file));
}
