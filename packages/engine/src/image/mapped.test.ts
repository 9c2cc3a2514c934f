import { describe, expect, it } from 'vitest';
import { deflateRawSync, deflateSync, zstdCompressSync } from 'node:zlib';
import { MemoryBytes } from '../../testing/memory-bytes.ts';
import { seededBytes } from '../../testing/seeded.ts';
import { readBytes } from '../base/bytes.ts';
import { planFetches, type DataExtent } from './fetch-plan.ts';
import type { Codec, Extent } from './image.ts';
import { mappedImage } from './mapped.ts';
import { unpackUnit } from './unpack-unit.ts';

const plain = (offset: number, length: number, at: number): DataExtent => ({
  kind: 'data',
  offset,
  length,
  stored: { form: 'plain', file: 0, offset: at },
});

describe('planFetches()', () => {
  it('joins neighbours in the file that are not neighbours on the disk', () => {
    const fetches = planFetches([plain(0, 4096, 8192), plain(65536, 4096, 4096)]);
    expect(fetches).toHaveLength(1);
    expect(fetches[0]).toMatchObject({ file: 0, offset: 4096, length: 8192 });
  });

  it('does not read far gaps', () => {
    expect(planFetches([plain(0, 4096, 0), plain(4096, 4096, 10_000_000)])).toHaveLength(2);
  });

  it('reads large runs by themselves, straight to their place', () => {
    expect(planFetches([plain(0, 2 << 20, 512), plain(2 << 20, 2 << 20, (2 << 20) + 1024)])).toHaveLength(2);
  });

  it('bounds what one request holds', () => {
    const extents = Array.from({ length: 640 }, (_, index) => plain(index << 16, 1 << 16, index << 16));
    for (const fetch of planFetches(extents)) expect(fetch.length).toBeLessThanOrEqual(8 << 20);
  });
});

describe('unpackUnit()', () => {
  const content = seededBytes(7, 65536).map((byte, index) => (index % 3 === 0 ? byte : 65));
  const packers: Record<Codec, (bytes: Uint8Array) => Uint8Array> = {
    deflate: deflateRawSync,
    zlib: deflateSync,
    zstd: zstdCompressSync,
  };
  for (const [codec, pack] of Object.entries(packers) as [Codec, (bytes: Uint8Array) => Uint8Array][]) {
    it(`unpacks ${codec} and ignores the padding behind it`, () => {
      const padded = Buffer.concat([pack(content), Buffer.alloc(500, 0xee)]);
      expect(Buffer.compare(unpackUnit(codec, padded, content.length, 0), content)).toBe(0);
    });

    it(`refuses ${codec} that gives less, more or nothing`, () => {
      for (const [packed, unpacked] of [
        [pack(content), content.length + 1],
        [pack(content), content.length - 1],
        [pack(content).subarray(0, 100), content.length],
        [new Uint8Array(64).fill(0xff), content.length],
      ] as const) {
        expect(() => unpackUnit(codec, packed, unpacked, 77)).toThrow(
          expect.objectContaining({ code: 'image-damaged', offset: 77 }),
        );
      }
    });
  }
});

describe('mappedImage()', () => {
  it('fills holes with zeros over whatever the buffer held', async () => {
    const file = new MemoryBytes(seededBytes(1, 1024));
    const map: Extent[] = [{ kind: 'hole', offset: 0, length: 512 }, plain(512, 512, 100)];
    const image = mappedImage({
      size: 1024,
      facts: { format: 'raw', subformat: 'test', features: [], warnings: [] },
      files: [file],
      async *extents() {
        yield* map;
      },
    });
    const into = new Uint8Array(1024).fill(9);
    await image.read(0, into);
    expect(into.subarray(0, 512).every((byte) => byte === 0)).toBe(true);
    expect(Buffer.compare(into.subarray(512), await readBytes(file, { offset: 100, length: 512 }))).toBe(0);
  });
});
