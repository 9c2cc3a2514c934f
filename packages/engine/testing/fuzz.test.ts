import { describe, expect, it } from 'vitest';
import { DiskferryError } from '../src/base/errors.ts';
import type { ImageFormat } from '../src/image/image.ts';
import { mappedImage } from '../src/image/mapped.ts';
import { fuzzFormat } from './fuzz.ts';
import { seededBytes } from './seeded.ts';

/** A format of one header byte, 1, and a disk behind it; `fault` is what it does when the byte is another. */
function toyFormat(fault: () => void): ImageFormat {
  return {
    name: 'raw',
    probe: () => true,
    async open(file) {
      const head = new Uint8Array(1);
      if (file.size < 1) throw new DiskferryError('image-truncated', 'empty', { offset: 0 });
      await file.read(0, head);
      if (head[0] !== 1) fault();
      return mappedImage({
        size: file.size - 1,
        facts: { format: 'raw', subformat: 'toy', features: [], warnings: [] },
        files: [file],
        async *extents({ offset, length }) {
          const stored = { form: 'plain', file: 0, offset: offset + 1 } as const;
          if (length > 0) yield { kind: 'data', offset, length, stored };
        },
      });
    },
  };
}

const seeds = [Uint8Array.of(1, ...seededBytes(3, 4095))];

describe('fuzzFormat()', () => {
  it('counts what a good reader accepts and refuses', async () => {
    const format = toyFormat(() => {
      throw new DiskferryError('image-damaged', 'not 1', { offset: 0 });
    });
    const report = await fuzzFormat(format, seeds, { seed: 1, milliseconds: 100 });
    expect(report.accepted).toBeGreaterThan(0);
    expect(report.refused['image-damaged']).toBeGreaterThan(0);
  });

  it('names the seed and the case of an error that is no refusal, and makes it again', async () => {
    const format = toyFormat(() => {
      throw new RangeError('a bug');
    });
    const failure = await fuzzFormat(format, seeds, { seed: 5, milliseconds: 2000 }).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(Error);
    const found = /seed 5, only: (\d+): a bug/.exec((failure as Error).message);
    expect(found).not.toBeNull();
    const again = fuzzFormat(format, seeds, { seed: 5, milliseconds: 0, only: Number(found?.[1]) });
    await expect(again).rejects.toThrow('a bug');
  });
});
