import type { Extent, Image, ImageFacts, Piece, Scan } from '../src/image/image.ts';
import { mappedImage } from '../src/image/mapped.ts';
import { MemoryBytes } from './memory-bytes.ts';
import { seededBytes, seededRandom } from './seeded.ts';

/** A virtual disk made of runs, as an image by ranges and as one pass in any order: for tests above the formats. */
export interface FakeDisk {
  readonly content: Uint8Array;
  readonly data: readonly { readonly offset: number; readonly length: number }[];
}

const FACTS: ImageFacts = { format: 'raw', subformat: 'fake', features: [], warnings: [] };

/** `size` bytes with about `share` of the clusters filled; some of the data is zeros that are written down. */
export function fakeDisk(seed: number, shape: { size: number; cluster: number; share: number }): FakeDisk {
  const random = seededRandom(seed);
  const content = new Uint8Array(shape.size);
  const data: { offset: number; length: number }[] = [];
  for (let offset = 0; offset < shape.size; offset += shape.cluster) {
    if (random() >= shape.share) continue;
    const length = Math.min(shape.cluster, shape.size - offset);
    data.push({ offset, length });
    if (random() < 0.8) content.set(seededBytes(seed + offset, length), offset);
  }
  return { content, data };
}

export function asImage(disk: FakeDisk): Image {
  return mappedImage({
    size: disk.content.length,
    facts: FACTS,
    files: [new MemoryBytes(disk.content)],
    async *extents(within) {
      let at = within.offset;
      const end = within.offset + within.length;
      for (const run of disk.data) {
        const begin = Math.max(run.offset, at);
        const stop = Math.min(run.offset + run.length, end);
        if (begin >= stop) continue;
        if (begin > at) yield { kind: 'hole', offset: at, length: begin - at } satisfies Extent;
        const stored = { form: 'plain' as const, file: 0, offset: begin };
        yield { kind: 'data', offset: begin, length: stop - begin, stored } satisfies Extent;
        at = stop;
      }
      if (at < end) yield { kind: 'hole', offset: at, length: end - at } satisfies Extent;
    },
  });
}

/** The same disk as one pass: the order is shuffled by `disorder` places, the cuts differ from run to run. */
export function asScan(disk: FakeDisk, how: { seed: number; disorder: number; cuts: number; sized: boolean }): Scan {
  const random = seededRandom(how.seed);
  const order = disk.data
    .map((run, index) => ({ run, key: index + random() * how.disorder }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ run }) => run);
  const cut = seededRandom(how.cuts);
  const size = disk.content.length;
  return {
    size: how.sized ? size : undefined,
    facts: FACTS,
    async *pieces(): AsyncIterable<Piece> {
      for (const run of order) {
        for (let done = 0; done < run.length;) {
          const length = Math.min(run.length - done, 512 * (1 + Math.floor(cut() * 40)));
          const offset = run.offset + done;
          const bytes = disk.content.slice(offset, offset + length);
          yield { offset, bytes };
          bytes.fill(0xdd);
          done += length;
        }
      }
    },
    conclude: () => ({ size, facts: FACTS }),
  };
}
