import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { MemoryBytes } from '../../testing/memory-bytes.ts';
import { seededRandom } from '../../testing/seeded.ts';
import { blockExtents, checkBlocks, HOLE, ZERO, type BlockMap } from './block-map.ts';
import type { Extent } from './image.ts';
import { TablePages } from './table-pages.ts';

const BLOCK = 512;

/** A map whose entries are 0 for a hole, 1 for zeros, otherwise the place; every `chunk` entries one stands in between. */
function mapOf(entries: readonly number[], chunk: number): BlockMap {
  const entryAt = (block: number): number => (block + Math.floor(block / chunk)) * 4;
  const table = Buffer.alloc(entryAt(entries.length - 1) + 4);
  for (const [block, entry] of entries.entries()) table.writeUInt32LE(entry, entryAt(block));
  return {
    diskSize: entries.length * BLOCK,
    blockSize: BLOCK,
    entrySize: 4,
    table: new TablePages(new MemoryBytes(table), { offset: 0, length: table.length }),
    entryAt,
    blockAt: (entry) => Math.ceil(entry / 4) - Math.floor(Math.ceil(entry / 4) / (chunk + 1)),
    place(page, at) {
      const entry = page.getUint32(at, true);
      return entry === 0 ? HOLE : entry === 1 ? ZERO : entry * BLOCK;
    },
  };
}

async function listed(map: BlockMap, within = { offset: 0, length: map.diskSize }): Promise<Extent[]> {
  const extents: Extent[] = [];
  for await (const extent of blockExtents(map, within)) extents.push(extent);
  return extents;
}

/** What the entries say, block by block. */
function expected(entries: readonly number[], offset: number): number {
  const entry = entries[Math.floor(offset / BLOCK)] ?? 0;
  return entry < 2 ? -1 - entry : entry * BLOCK + (offset % BLOCK);
}

describe('blockExtents()', () => {
  it('says what the entries say, whatever they repeat and wherever it begins', async () => {
    const entry = fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 2, max: 9 }));
    const runs = fc.array(fc.tuple(entry, fc.integer({ min: 1, max: 2500 })), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(runs, fc.constantFrom(3, 16, 1e9), fc.nat(), async (lengths, chunk, seed) => {
        const entries = lengths.flatMap(([value, length]) =>
          Array.from({ length }, (_, index) => (value < 2 ? value : value * 10_000 + index)),
        );
        const map = mapOf(entries, chunk);
        const random = seededRandom(seed);
        const offset = Math.floor(random() * map.diskSize);
        const within = { offset, length: 1 + Math.floor(random() * (map.diskSize - offset)) };
        let at = within.offset;
        for (const extent of await listed(map, within)) {
          expect(extent.offset).toBe(at);
          at += extent.length;
          for (const place of [extent.offset, at - 1, extent.offset + Math.floor(random() * extent.length)]) {
            const kind = { hole: -1, zero: -2, data: 0 }[extent.kind];
            const stored = extent.kind === 'data' ? extent.stored.offset + place - extent.offset : kind;
            expect(stored).toBe(expected(entries, place));
          }
        }
        expect(at).toBe(within.offset + within.length);
      }),
      { numRuns: 150 },
    );
  });

  it('joins neighbours, and only these', async () => {
    const extents = await listed(mapOf([5, 6, 7, 0, 0, 1, 9, 8], 1e9));
    expect(extents.map(({ kind, length }) => [kind, length / BLOCK])).toEqual([
      ['data', 3],
      ['hole', 2],
      ['zero', 1],
      ['data', 1],
      ['data', 1],
    ]);
  });
});

describe('checkBlocks()', () => {
  it('finds blocks over each other', async () => {
    await checkBlocks(mapOf([5, 0, 7, 6], 1e9), BLOCK);
    await expect(checkBlocks(mapOf([5, 0, 7, 5], 1e9), BLOCK)).rejects.toMatchObject({ code: 'image-damaged' });
    await expect(checkBlocks(mapOf([5, 0, 7, 6], 1e9), 2 * BLOCK)).rejects.toMatchObject({ code: 'image-damaged' });
  });
});

describe('TablePages', () => {
  it('does not fail a reader because another one gave up', async () => {
    let reads = 0;
    const slow = {
      size: 4,
      async read(_offset: number, into: Uint8Array, signal?: AbortSignal) {
        reads++;
        await new Promise((resolve) => setTimeout(resolve, 5));
        signal?.throwIfAborted();
        into.fill(7);
      },
      async [Symbol.asyncDispose]() {},
    };
    const pages = new TablePages(slow, { offset: 0, length: 4 });
    const gaveUp = new AbortController();
    const first = pages.page(0, gaveUp.signal);
    const second = pages.page(0);
    gaveUp.abort();
    await expect(first).rejects.toThrow();
    expect((await second).bytes[0]).toBe(7);
    await pages.page(0);
    expect(reads).toBe(2);
  });
});
