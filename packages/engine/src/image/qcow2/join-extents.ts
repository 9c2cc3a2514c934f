import { endOf } from '../../base/bytes.ts';
import type { Extent } from '../image.ts';

/** Joins neighbours: zeros to zeros, holes to holes, plain data to data that follows on the disk and in the file. */
export class JoinExtents {
  #last: Extent | undefined;

  /** Takes the next extent and gives the one before it, where the two do not join. */
  add(extent: Extent): Extent | undefined {
    const last = this.#last;
    if (last && joins(last, extent)) {
      this.#last = { ...last, length: last.length + extent.length };
      return undefined;
    }
    this.#last = extent;
    return last;
  }

  /** The last extent, once all were added. */
  end(): Extent | undefined {
    return this.#last;
  }
}

function joins(last: Extent, next: Extent): boolean {
  if (last.kind !== 'data' || next.kind !== 'data') return last.kind === next.kind;
  if (last.stored.form !== 'plain' || next.stored.form !== 'plain') return false;
  return last.stored.offset + last.length === next.stored.offset && endOf(last) === next.offset;
}
