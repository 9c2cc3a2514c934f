import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededBytes } from '../../testing/seeded.ts';
import { tempFolder } from '../../testing/temp.ts';
import { KiB } from '../base/align.ts';
import { openFileTarget } from './file/open-file-target.ts';
import { MemoryTarget } from './memory/memory-target.ts';
import type { Target } from './target.ts';

const SIZE = 300 * KiB + 77;
const folder = await tempFolder();

type Step =
  | { readonly kind: 'write'; readonly offset: number; readonly length: number; readonly seed: number }
  | { readonly kind: 'zero'; readonly offset: number; readonly length: number; readonly mayPunch: boolean }
  | { readonly kind: 'flush' };

const place = fc
  .record({ offset: fc.nat(SIZE), length: fc.oneof(fc.nat(5000), fc.nat(SIZE)) })
  .map(({ offset, length }) => ({ offset, length: Math.min(length, SIZE - offset) }));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(place, fc.nat(1000)).map(([where, seed]) => ({ kind: 'write' as const, ...where, seed })),
  fc.tuple(place, fc.boolean()).map(([where, mayPunch]) => ({ kind: 'zero' as const, ...where, mayPunch })),
  fc.constant({ kind: 'flush' as const }),
);

it('any sequence of writes, zeroings and flushes leaves the same bytes in memory, in a file and in the model', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const path = join(folder, 'disk');
      const memory = new MemoryTarget(SIZE);
      const file = await openFileTarget(path, { create: SIZE });
      const model = Buffer.alloc(SIZE);
      for (const one of steps) {
        applyToModel(model, one);
        await apply(memory, one);
        await apply(file, one);
      }
      await file.flush();
      const seen = [Buffer.alloc(SIZE), Buffer.alloc(SIZE), await readFile(path)];
      await memory.readBack.read(0, seen[0] as Buffer);
      await file.readBack.read(0, seen[1] as Buffer);
      await file[Symbol.asyncDispose]();
      await rm(path);
      expect(seen.map((bytes) => bytes.equals(model))).toEqual([true, true, true]);
    }),
    { numRuns: 60 },
  );
});

function applyToModel(model: Buffer, one: Step): void {
  if (one.kind === 'write') model.set(seededBytes(one.seed, one.length), one.offset);
  if (one.kind === 'zero') model.fill(0, one.offset, one.offset + one.length);
}

async function apply(target: Target, one: Step): Promise<void> {
  if (one.kind === 'write') await target.write(one.offset, seededBytes(one.seed, one.length));
  if (one.kind === 'zero') await target.zero(one, { mayPunch: one.mayPunch });
  if (one.kind === 'flush') await target.flush();
}
