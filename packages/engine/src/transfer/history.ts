import type { Range } from '../base/bytes.ts';
import type { PassPlace } from '../image/image.ts';
import type { Checkpoint } from './checkpoint.ts';
import { SegmentDigests } from './disk-digest.ts';
import { SEGMENT, segmentOf } from './segment.ts';

/**
 * What is on the disk: from the checkpoint of earlier runs, and what this run adds. A segment is `torn` when its digest is
 * not known: a part of it was written after it was taken, or nobody wanted it. It must then be read from the disk.
 */
export class History {
  readonly digests = new SegmentDigests();
  readonly torn = new Set<number>();
  readonly #done: Uint8Array;
  /** One pass: bytes of pieces that are on the disk. */
  position = 0;
  /** One pass: where the package can be taken up again, with everything that was kept up to there. */
  place: PassPlace | undefined;

  /** @param segments how many segments the disk or the target has at most */
  constructor(segments: number) {
    this.#done = new Uint8Array(Math.ceil(segments / 8));
  }

  static async load(checkpoint: Checkpoint, segments: number): Promise<History> {
    const history = new History(segments);
    for await (const record of checkpoint.records()) {
      for (const { index, digest } of record.segments) history.add(index, digest);
      for (const { index } of record.torn ?? []) history.tear(index);
      for (const range of record.zeroed) history.addZeros(range);
      history.position = record.position ?? history.position;
      if (record.place)
        history.place = { ...record.place, kept: [...(history.place?.kept ?? []), ...record.place.kept] };
    }
    return history;
  }

  isDone(index: number): boolean {
    return ((this.#done[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  add(index: number, digest: Uint8Array | undefined): void {
    this.#mark(index);
    if (digest) this.digests.set(index, digest);
  }

  tear(index: number): void {
    this.#mark(index);
    this.torn.add(index);
  }

  addZeros(range: Range): void {
    const end = range.offset + range.length;
    for (let index = segmentOf(range.offset); index * SEGMENT < end; index++) this.#mark(index);
  }

  #mark(index: number): void {
    this.#done[index >> 3] = (this.#done[index >> 3] ?? 0) | (1 << (index & 7));
  }
}
