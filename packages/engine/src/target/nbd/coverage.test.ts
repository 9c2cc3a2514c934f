import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Coverage } from './coverage.ts';

it('Coverage is full after every part came once, in any order, and never takes a byte twice', () => {
  const parts = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: -1, max: 12 })), { maxLength: 60 });
  fc.assert(
    fc.property(parts, (parts) => {
      const coverage = new Coverage(40);
      const seen = new Set<number>();
      for (const [start, length] of parts) {
        const bytes = Array.from({ length: Math.max(0, length) }, (_, index) => start + index);
        const isNew = length > 0 && bytes.every((byte) => byte < 40 && !seen.has(byte));
        expect(coverage.add(start, length)).toBe(isNew);
        if (isNew) for (const byte of bytes) seen.add(byte);
        expect(coverage.isFull).toBe(seen.size === 40);
      }
    }),
  );
});
