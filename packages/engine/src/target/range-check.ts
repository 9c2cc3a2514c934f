import { type Range, endOf } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';

interface Place {
  readonly label: string;
  readonly size: number;
}

/**
 * Refuses a range that leaves the target before anything is touched. It is the caller's fault (`internal`): sizes are
 * compared before the first write.
 */
export function assertInside(place: Place, range: Range): void {
  const { offset, length } = range;
  const isExact = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (!isExact || endOf(range) > place.size) {
    throw new DiskferryError('internal', `${length} bytes at ${offset} leave ${place.label} of ${place.size} bytes`, {
      offset,
    });
  }
}

/** Also refuses offsets and lengths that are no multiples of `align`; the tail of the target is exempt. */
export function assertWritable(place: Place, range: Range, align: number): void {
  assertInside(place, range);
  const isTail = endOf(range) === place.size;
  if (range.offset % align !== 0 || (range.length % align !== 0 && !isTail)) {
    throw new DiskferryError(
      'internal',
      `${range.length} bytes at ${range.offset} are not aligned to the ${align} bytes of ${place.label}`,
      { offset: range.offset },
    );
  }
}
