import { createHash } from 'node:crypto';
import type { Range } from '../base/bytes.ts';

/**
 * The digest of a virtual disk: one SHA-256 that two disks share if and only if they hold the same bytes, and whose cost
 * grows with the data and not with the size. It does not depend on how an image was stored or in which order it arrived.
 *
 *     segment digest = SHA-256 over each longest run of non-zero 64 KiB blocks: u32le(first block) u32le(bytes) bytes
 *     disk digest    = SHA-256("diskferry disk 1\n" u64le(size) and for each segment that is not all zero,
 *                              in ascending order: u64le(index) digest)
 */
const TITLE = 'diskferry disk 1\n';
const DIGEST_LENGTH = 32;
const BLOCK_SHIFT = 16;

/** @param runs from `dataRuns(segment)`; none means an all-zero segment, which has no digest */
export function segmentDigest(segment: Uint8Array, runs: readonly Range[]): Uint8Array {
  const hash = createHash('sha256');
  for (const run of runs) {
    const mark = Buffer.alloc(8);
    mark.writeUInt32LE(run.offset >>> BLOCK_SHIFT, 0);
    mark.writeUInt32LE(run.length, 4);
    hash.update(mark).update(segment.subarray(run.offset, run.offset + run.length));
  }
  return hash.digest();
}

/** The digests of the segments that are not all zero: 32 bytes each in one table, as a large disk has a million. */
export class SegmentDigests {
  readonly #slots = new Map<number, number>();
  #table = new Uint8Array(DIGEST_LENGTH * 1024);

  get count(): number {
    return this.#slots.size;
  }

  set(index: number, digest: Uint8Array): void {
    const slot = this.#slots.get(index) ?? this.#slots.size;
    this.#slots.set(index, slot);
    if ((slot + 1) * DIGEST_LENGTH > this.#table.length) {
      const grown = new Uint8Array(this.#table.length * 2);
      grown.set(this.#table);
      this.#table = grown;
    }
    this.#table.set(digest, slot * DIGEST_LENGTH);
  }

  get(index: number): Uint8Array | undefined {
    const slot = this.#slots.get(index);
    return slot === undefined ? undefined : this.#table.subarray(slot * DIGEST_LENGTH, (slot + 1) * DIGEST_LENGTH);
  }

  indices(): readonly number[] {
    return [...this.#slots.keys()].toSorted((a, b) => a - b);
  }

  /** The digest of the disk, in hex. */
  disk(size: number): string {
    const hash = createHash('sha256').update(TITLE).update(u64(size));
    for (const index of this.indices()) hash.update(u64(index)).update(this.get(index) as Uint8Array);
    return hash.digest('hex');
  }
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
