import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { collect, MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { compressionConformance, refusalOf } from '../../../testing/unpack-conformance.ts';
import { gzip } from './gzip.ts';
import { isizeOf } from './header.ts';

const pack = async (content: Uint8Array) => new Uint8Array(gzipSync(content));
const content = seededBytes(1, 1000);
const decoded = (packed: Uint8Array) => collect(gzip.decode(streamOf(new Uint8Array(packed), [100])));

compressionConformance('gzip', gzip, pack);

const patched = (at: number, byte: number) => {
  const packed = gzipSync(content);
  packed[at] = byte;
  return packed;
};

describe('gzip', () => {
  it('accepts zeros behind the last member', async () => {
    const packed = Buffer.concat([gzipSync(content), new Uint8Array(100_000)]);
    expect(Buffer.compare(await decoded(packed), content)).toBe(0);
  });

  it('refuses a member behind zeros, which gzip itself would drop in silence', async () => {
    const packed = Buffer.concat([gzipSync(content), new Uint8Array(512), gzipSync(content)]);
    expect(await refusalOf(() => decoded(packed))).toBe('package-damaged');
  });

  it('reads a header with every optional field and checks its CRC', async () => {
    const plain = gzipSync(content);
    const front = Buffer.from([
      0x1f,
      0x8b,
      8,
      0b11110,
      0,
      0,
      0,
      0,
      0,
      3,
      4,
      0,
      1,
      2,
      3,
      4,
      ...Buffer.from('name\0comment\0'),
    ]);
    const crc = crc32(front) & 0xffff;
    const packed = (told: number) => Buffer.concat([front, Buffer.of(told & 255, told >>> 8), plain.subarray(10)]);
    expect(Buffer.compare(await decoded(packed(crc)), content)).toBe(0);
    expect(await refusalOf(() => decoded(packed(crc ^ 1)))).toBe('package-damaged');
  });

  it('refuses a name that does not end, reserved flags and other methods', async () => {
    const named = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(200_000, 'a')]);
    expect(await refusalOf(() => decoded(named))).toBe('package-limit');
    expect(await refusalOf(() => decoded(patched(3, 0x20)))).toBe('package-damaged');
    expect(await refusalOf(() => decoded(patched(2, 7)))).toBe('package-unsupported');
  });

  it('refuses a wrong CRC and a wrong size in the trailer', async () => {
    for (const fromEnd of [8, 5, 4, 1]) {
      const packed = gzipSync(content);
      packed[packed.length - fromEnd]! ^= 1;
      expect(await refusalOf(() => decoded(packed))).toBe('package-damaged');
    }
  });

  it('reads thousands of small members', async () => {
    const packed = Buffer.concat(Array.from({ length: 2000 }, () => gzipSync(Buffer.from('x'))));
    expect(Buffer.from(await collect(gzip.decode(streamOf(new Uint8Array(packed))))).toString()).toBe('x'.repeat(2000));
  });

  it('tells the size in the trailer as a hint', async () => {
    expect(await isizeOf(new MemoryBytes(await pack(content)))).toBe(1000);
    expect(await isizeOf(new MemoryBytes(new Uint8Array(5)))).toBeUndefined();
  });
});
