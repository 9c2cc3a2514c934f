import { constants, zstdCompressSync } from 'node:zlib';
import { assert, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededBytes } from '../../testing/seeded.ts';
import { KiB } from '../base/align.ts';
import { sharedBuffer } from '../base/buffers.ts';
import { ZstdDecoder } from './zstd-decoder.ts';
import { unpackUnit } from './unpack-unit.ts';
import { unpackZstd } from './zstd-unit.ts';

/** Half noise, half repetition: literals, matches and more than one block. */
function content(seed: number, length: number): Uint8Array {
  const bytes = seededBytes(seed, length);
  for (let at = 0; at + 512 <= length; at += 512) bytes.copyWithin(at + 256, at >> 1, (at >> 1) + 256);
  return bytes;
}

const checked = (bytes: Uint8Array) =>
  new Uint8Array(zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }));

describe('unpackZstd()', () => {
  it('unpacks frame after frame with one decoder, into shared memory and into its own', () => {
    for (const [turn, length] of [0, 1, 100, 64 * KiB, 2048 * KiB, 64 * KiB].entries()) {
      const bytes = content(turn, length);
      const into = sharedBuffer(length + 10);
      const unpacked = unpackZstd(checked(bytes), length, into);
      expect(Buffer.compare(unpacked, bytes)).toBe(0);
      expect(unpacked.buffer).toBe(into.buffer);
      expect(Buffer.compare(unpackZstd(checked(bytes), length), bytes)).toBe(0);
    }
  });

  it('refuses a content that is longer, and gives one that is shorter as it is', () => {
    const bytes = content(1, 70_000);
    for (const room of [0, 1, 65_536, 69_999]) expect(() => unpackZstd(checked(bytes), room)).toThrow(/longer/);
    expect(unpackZstd(checked(bytes), 70_001)).toHaveLength(70_000);
  });

  it('writes nothing behind the room it was given', () => {
    const into = sharedBuffer(1000).fill(7);
    expect(() => unpackZstd(checked(content(1, 5000)), 500, into)).toThrow(/longer/);
    expect(into.subarray(500).every((byte) => byte === 7)).toBe(true);
  });

  it('refuses two frames, a frame that is cut off anywhere, and one whose checksum does not match', () => {
    const bytes = content(2, 3000);
    const frame = checked(bytes);
    expect(() => unpackZstd(Buffer.concat([frame, frame]), 6000)).toThrow();
    for (let length = 0; length < frame.length; length++) {
      expect(() => unpackUnit('zstd', frame.subarray(0, length), 3000, 77)).toThrow(
        expect.objectContaining({ code: 'image-damaged', offset: 77 }),
      );
    }
    frame[frame.length - 1]! ^= 1;
    expect(() => unpackZstd(frame, 3000)).toThrow(/checksum/i);
  });

  it('is right again after any frame that it refused', () => {
    const bytes = content(3, 20_000);
    const frame = checked(bytes);
    assert(
      property(integer({ min: 0, max: frame.length - 1 }), uint8Array({ minLength: 1, maxLength: 9 }), (at, noise) => {
        const spoilt = frame.slice();
        spoilt.set(noise.subarray(0, spoilt.length - at), at);
        const unpacked = tryUnpack(spoilt, 20_000);
        const isSame = unpacked?.length === 20_000 && Buffer.compare(unpacked, bytes) === 0;
        expect(isSame || unpacked === undefined || unpacked.length < 20_000).toBe(true);
        expect(Buffer.compare(unpackZstd(frame, 20_000), bytes)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

it('the Node that the package brings has streams as ZstdDecoder knows them', () => {
  const decoder = ZstdDecoder.start();
  expect(decoder).toBeDefined();
  decoder?.close();
});

function tryUnpack(frame: Uint8Array, unpacked: number): Uint8Array | undefined {
  try {
    return unpackZstd(frame, unpacked);
  } catch {
    return undefined;
  }
}
