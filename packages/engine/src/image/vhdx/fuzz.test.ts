import { expect, it } from 'vitest';
import { fuzzFormat } from '../../../testing/fuzz.ts';
import { mutated } from '../../../testing/mutate.ts';
import { resealed } from '../../../testing/resealed.ts';
import { seededBytes, seededRandom } from '../../../testing/seeded.ts';
import { LOG_AT, METADATA_AT, MiB, sealVhdx, TABLE_AT, vhdxImage, vhdxLogEntry } from '../../../testing/vhdx-image.ts';
import type { ImageFormat } from '../image.ts';
import { vhdx } from './vhdx.ts';

const KiB = 1024;
const content = seededBytes(3, MiB);
const table = Buffer.alloc(4096);
table.writeBigUInt64LE(BigInt(4 * MiB) | 6n, 8);
const log = [1, 2].map((sequence) =>
  vhdxLogEntry({
    sequence,
    tail: 0,
    changes: [
      { offset: TABLE_AT + 4096, zeros: 4096 },
      { offset: TABLE_AT, content: table },
    ],
  }),
);
const seeds = [
  vhdxImage({ size: 5 * MiB, blocks: [content, 0, 2, 3] }),
  vhdxImage({ size: 3 * MiB, blocks: [content, 1], log }),
];

/**
 * The structures lie far apart, so mutations of the whole file would mostly hit nothing. These hit a few of the places
 * that hold structures, by the content of the mutated file.
 */
function damageAndSeal(file: Buffer): void {
  if (file.length < 4 * MiB) return;
  let sum = file.length;
  for (let at = 0; at < file.length; at += 64) sum = (Math.imul(sum, 31) + (file[at] ?? 0)) >>> 0;
  const random = seededRandom(sum);
  const places = [64 * KiB, 128 * KiB, 192 * KiB, LOG_AT, LOG_AT + 8192, TABLE_AT, METADATA_AT, METADATA_AT + 64 * KiB];
  for (const at of places) {
    if (random() < 0.7) continue;
    const part = file.subarray(at, at + 4096);
    Buffer.from(mutated(part.subarray(0, 256), random)).copy(part);
  }
  for (const at of [64 * KiB, 128 * KiB]) sealVhdx(file.subarray(at, at + 4096));
  for (const at of [192 * KiB, 256 * KiB]) sealVhdx(file.subarray(at, at + 64 * KiB));
  for (const at of [LOG_AT, LOG_AT + 8192]) sealVhdx(file.subarray(at, at + 8192));
}

it.each<[string, ImageFormat]>([
  ['VHDX', vhdx],
  ['VHDX behind its checksums', resealed(vhdx, damageAndSeal)],
])('%s under mutation is read or refused', async (_name, format) => {
  const report = await fuzzFormat(format, seeds, { seed: 1, milliseconds: 1500 });
  expect(report.cases).toBeGreaterThan(5);
});
