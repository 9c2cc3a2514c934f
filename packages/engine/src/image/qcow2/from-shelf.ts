import { MiB, SECTOR } from '../../base/align.ts';
import type { Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Piece } from '../image.ts';
import type { SharedSectors } from './shared-sectors.ts';
import type { Shelf } from './shelf.ts';

/** Pieces from the shelf are not made longer than this. */
const PIECE_LIMIT = 1 * MiB;

/** A plain run that has passed before its table came, as pieces. `stored` is its place in the file. */
export async function* plainFromShelf(shelf: Shelf, stored: Range, guest: number): AsyncGenerator<Piece> {
  if (shelf.available(stored.offset, stored.length) < stored.length) throw sharedPlace(stored.offset);
  const buffer = new Uint8Array(Math.min(PIECE_LIMIT, stored.length));
  for (let done = 0; done < stored.length;) {
    const bytes = buffer.subarray(0, stored.length - done);
    await shelf.take(stored.offset + done, bytes);
    yield { offset: guest + done, bytes };
    done += bytes.length;
  }
}

/**
 * A packed cluster that has passed before its table came. Of its last sector only its own part may be on the shelf:
 * the rest then belongs to a cluster that was known in time.
 */
export async function packedFromShelf(shelf: Shelf, shared: SharedSectors, stored: Range): Promise<Uint8Array> {
  const length = shelf.available(stored.offset, stored.length);
  if (length > 0 && stored.length - length < SECTOR) {
    const bytes = new Uint8Array(length);
    await shelf.take(stored.offset, bytes);
    return bytes;
  }
  const found = shared.find(stored);
  if (found) return found;
  const message = `a packed cluster at ${stored.offset} shares a sector with clusters of another table`;
  throw new DiskferryError('image-second-pass', message, { offset: stored.offset });
}

export function sharedPlace(offset: number): DiskferryError {
  const message = `two things are stored in the same place, at ${offset} of the file`;
  return new DiskferryError('image-damaged', message, { offset });
}
