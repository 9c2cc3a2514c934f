import { crc32 as reference } from 'node:zlib';
import { array, assert, boolean, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededBytes } from '../../testing/seeded.ts';
import { crc32 } from './crc32.ts';

describe('crc32()', () => {
  it('is that of node:zlib over zeros of any length, whatever stands before them', () => {
    for (const length of [0, 1, 4095, 4096, 4097, 65_536, 1_048_576, 5_000_001]) {
      const zeros = new Uint8Array(length);
      for (const before of [0, 1, 0xffffffff, 0xdebb20e3]) expect(crc32(zeros, before)).toBe(reference(zeros, before));
    }
  });

  it('is that of node:zlib over any order of zeros and data', () => {
    const piece = record({ isZero: boolean(), length: integer({ min: 0, max: 20_000 }) });
    assert(
      property(array(piece, { maxLength: 12 }), (pieces) => {
        let [ours, theirs] = [0, 0];
        for (const { isZero, length } of pieces) {
          const bytes = isZero ? new Uint8Array(length) : seededBytes(length, length);
          [ours, theirs] = [crc32(bytes, ours), reference(bytes, theirs)];
        }
        expect(ours).toBe(theirs);
      }),
    );
  });
});
