import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { diskContent } from '../../../testing/disk-content.ts';
import { expectSame, imageConformance, surroundings } from '../../../testing/image-conformance.ts';
import { MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { dynamicVhd, fixedVhd, setGeometry, vhdFooter } from '../../../testing/vhd-image.ts';
import type { Range, Run } from '../../base/bytes.ts';
import { SpillFile } from '../spill-file.ts';
import { vhd } from '../vhd/vhd.ts';
import { raw } from './raw.ts';

/** A file with holes wherever a whole 4 KiB is zero, as SEEK_HOLE tells them. */
class SparseMemory extends MemoryBytes {
  readonly #content: Uint8Array;

  constructor(content: Uint8Array) {
    super(content);
    this.#content = content;
  }

  async *runs(within: Range): AsyncIterable<Run> {
    for (let offset = within.offset; offset < within.offset + within.length;) {
      const end = Math.min(within.offset + within.length, (Math.floor(offset / 4096) + 1) * 4096);
      const page = this.#content.subarray(offset - (offset % 4096), end);
      yield { kind: page.some((byte) => byte !== 0) ? 'data' : 'hole', offset, length: end - offset };
      offset = end;
    }
  }
}

const padded = (content: Uint8Array): Uint8Array =>
  Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);

for (const size of [1, 511, 512, 1000, 65536, (1 << 20) + 512, 3_000_001]) {
  const content = diskContent('mix', size);
  imageConformance(`raw of ${size} bytes`, async () => ({
    format: raw,
    file: new MemoryBytes(content),
    disk: padded(content),
  }));
}

const sparse = diskContent('mix', 9_000_123);
imageConformance('raw in a sparse file', async () => ({
  format: raw,
  file: new SparseMemory(sparse),
  disk: padded(sparse),
}));

const fixed = diskContent('mix', 3 << 20);
imageConformance('a fixed VHD in a sparse file', async () => ({
  format: vhd,
  file: new SparseMemory(fixedVhd(fixed)),
  disk: fixed,
}));

describe('raw.open()', () => {
  it('passes the holes of a sparse file on', async () => {
    const image = await raw.open(new SparseMemory(new Uint8Array(12_288)), surroundings());
    for await (const extent of image.extents({ offset: 0, length: image.size })) expect(extent.kind).toBe('hole');
  });

  it('warns where it fills up the last sector', async () => {
    const image = await raw.open(new MemoryBytes(new Uint8Array(1000)), surroundings());
    expect(image.size).toBe(1024);
    expect(image.facts.warnings.join()).toMatch(/1000 bytes.* to 1024/);
  });

  it('takes an empty file for a disk of no bytes', async () => {
    const image = await raw.open(new MemoryBytes(new Uint8Array(0)), surroundings());
    expect(image.size).toBe(0);
  });
});

async function passed(format: typeof raw, file: Uint8Array, sizes: readonly number[], fileSize?: number) {
  await using spill = new SpillFile(0);
  const scan = await format.scan?.(streamOf(file, sizes), { fileSize, spill });
  if (!scan) throw new Error('no scan');
  const disk = Buffer.alloc(file.length + 512);
  let end = 0;
  for await (const { offset, bytes } of scan.pieces()) {
    expect(offset, 'in order').toBe(end);
    disk.set(bytes, offset);
    end = offset + bytes.length;
  }
  return { scan, disk, end, ...scan.conclude() };
}

describe('raw.scan()', () => {
  it('leaves the footer of a fixed VHD out of the disk, whatever the chunks', async () => {
    const chunk = fc.integer({ min: 1, max: 1500 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(chunk, { minLength: 1, maxLength: 8 }),
        async (n, sizes) => {
          const content = diskContent('random', n * 512);
          const { size, facts, disk, end } = await passed(raw, fixedVhd(content), sizes);
          expect(facts).toMatchObject({ format: 'vhd', subformat: 'fixed' });
          expect([size, end]).toEqual([content.length, content.length]);
          expectSame(disk.subarray(0, size), content, 0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('knows a footer of 511 bytes', async () => {
    const content = diskContent('random', 5120);
    const { size, end } = await passed(raw, fixedVhd(content).subarray(0, -1), [1000]);
    expect([size, end]).toEqual([5120, 5120]);
  });

  it('does not promise a size that a footer would make smaller', async () => {
    const file = fixedVhd(diskContent('random', 1 << 20));
    const { scan, size } = await passed(raw, file, [65536], file.length);
    expect([scan.size, size]).toEqual([undefined, 1 << 20]);
  });

  it('promises the size of other files', async () => {
    const { scan, size, facts } = await passed(raw, diskContent('random', 5000), [4096], 5000);
    expect([scan.size, size, facts.format]).toEqual([5120, 5120, 'raw']);
  });

  it.each([
    ['a footer of a longer disk', 'image-truncated', fixedVhd(diskContent('random', 8192)).subarray(512)],
    [
      'a footer of a shorter disk',
      'image-second-pass',
      fixedVhd(diskContent('random', 8192), { footer: (footer) => footer.writeBigUInt64BE(4096n, 48) }),
    ],
    [
      'a damaged footer',
      'image-checksum',
      fixedVhd(diskContent('random', 512), { file: (f) => f.fill(1, f.length - 9) }),
    ],
    [
      'a footer of a dynamic disk',
      'image-damaged',
      dynamicVhd({ size: 4096, blockSize: 4096, blocks: [] }).subarray(512),
    ],
    [
      'a footer of a differencing disk',
      'image-parent',
      Buffer.concat([Buffer.alloc(4096), vhdFooter({ size: 4096, blockSize: 0, blocks: [] }, 4)]),
    ],
  ] as const)('refuses %s at the end: %s', async (_what, code, file) => {
    await expect(passed(raw, file, [777])).rejects.toMatchObject({ code });
  });

  it('takes the current size, not the geometry', async () => {
    const file = fixedVhd(diskContent('random', 8192), {
      creator: 'vbox',
      footer: (footer) => setGeometry(footer, [1, 1, 15]),
    });
    const { size, facts } = await passed(raw, file, [65536]);
    expect(size).toBe(8192);
    expect(facts.warnings.join()).toContain('7680');
  });
});

describe('vhd.scan()', () => {
  it('demands the footer of what was declared to be a VHD', async () => {
    await expect(passed(vhd, diskContent('random', 4096), [777])).rejects.toMatchObject({ code: 'image-truncated' });
  });

  it('tells of a file that is cut', async () => {
    const file = dynamicVhd({ size: 8192, blockSize: 4096, blocks: [diskContent('random', 4096)] });
    await expect(passed(vhd, file.subarray(0, -1000), [777])).rejects.toMatchObject({ code: 'image-truncated' });
  });
});
