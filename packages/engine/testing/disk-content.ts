import { KiB, MiB } from '../src/base/align.ts';
import { seededBytes, seededRandom } from './seeded.ts';

/** Disks for tests: nothing, noise, text that packs well, and all of these in turn with holes between. */
export type DiskContent = 'empty' | 'random' | 'text' | 'mix';

const NOISE = seededBytes(11, MiB);
const TEXT = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(2000));

export function diskContent(kind: DiskContent, size: number): Uint8Array {
  const disk = new Uint8Array(size);
  if (kind === 'random') cover(disk, 0, { length: size, from: NOISE });
  if (kind === 'text') cover(disk, 0, { length: size, from: TEXT });
  if (kind === 'mix') mix(disk);
  return disk;
}

function mix(disk: Uint8Array): void {
  const random = seededRandom(disk.length);
  for (let at = 0; at < disk.length;) {
    const length = Math.ceil(random() ** 2 * 300) * KiB;
    const choice = random();
    if (choice < 0.3) cover(disk, at, { length, from: NOISE });
    else if (choice < 0.6) cover(disk, at, { length, from: TEXT });
    at += length;
  }
}

/** Each copy begins elsewhere in `from`, so that no two clusters are the same. */
function cover(disk: Uint8Array, at: number, how: { length: number; from: Uint8Array }): void {
  const end = Math.min(disk.length, at + how.length);
  for (let done = at; done < end;) {
    const part = how.from.subarray((done * 7) % 4093, ((done * 7) % 4093) + end - done);
    disk.set(part, done);
    done += part.length;
  }
}
