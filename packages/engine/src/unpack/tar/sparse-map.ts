import { MiB } from '../../base/align.ts';
import { endOf, overlap, type Range, type Run } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { damaged } from '../intake.ts';

/** Disk images reach tens of thousands of pieces. */
export const PIECE_LIMIT = 340_000;
/** What a map of that many pieces takes as it stands in the archive. */
export const MAP_LIMIT = 8 * MiB;

/** A piece of a sparse member that is stored: `stored` counts into the stored bytes, which follow each other gapless. */
export interface Piece extends Range {
  readonly stored: number;
}

/** Which ranges of a member are stored; between them are holes. */
export interface SparseMap {
  readonly size: number;
  readonly pieces: readonly Piece[];
}

/** What was found in the archive: not yet checked. */
interface Told {
  readonly size: number | undefined;
  readonly ranges: readonly Range[];
  /** Bytes that are stored for the pieces together. */
  readonly stored: number;
}

/** @throws DiskferryError `package-damaged` unless the pieces ascend within the member and use up what is stored */
export function sparseMap(told: Told, at: number): SparseMap {
  const size = told.size;
  if (size === undefined) throw damaged('a sparse tar member does not tell its size', at);
  const pieces: Piece[] = [];
  let [end, stored] = [0, 0];
  for (const range of told.ranges) {
    if (range.offset < end || endOf(range) > size) {
      throw damaged(
        `a piece ${range.offset}+${range.length} of a sparse tar member of ${size} bytes is out of order`,
        at,
      );
    }
    end = endOf(range);
    if (range.length > 0) pieces.push({ ...range, stored });
    stored += range.length;
  }
  if (stored === told.stored) return { size, pieces };
  throw damaged(`the pieces of a sparse tar member take ${stored} bytes; ${told.stored} are stored`, at);
}

/** Bytes of all pieces together. */
export function storedIn(map: SparseMap): number {
  const last = map.pieces.at(-1);
  return last === undefined ? 0 : last.stored + last.length;
}

/** The runs of the member within `within`: pieces and the holes between them. */
export function* runsOf(map: SparseMap, within: Range): Generator<Run & { readonly stored: number }> {
  let at = within.offset;
  const end = Math.min(endOf(within), map.size);
  for (let index = firstPiece(map.pieces, at); at < end; index++) {
    const piece = map.pieces[index];
    const data = piece && overlap(piece, { offset: at, length: end - at });
    const holeEnd = data?.offset ?? end;
    if (holeEnd > at) yield { kind: 'hole', offset: at, length: holeEnd - at, stored: 0 };
    if (piece && data) yield { kind: 'data', ...data, stored: piece.stored + data.offset - piece.offset };
    at = data ? endOf(data) : end;
  }
}

/** Index of the first piece that ends behind `offset`. */
function firstPiece(pieces: readonly Piece[], offset: number): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(pieces[middle] as Piece) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function mapTooLarge(at: number): DiskferryError {
  return new DiskferryError(
    'package-limit',
    `the map of a sparse tar member has more than ${PIECE_LIMIT} pieces or ${MAP_LIMIT} bytes`,
    {
      offset: at,
    },
  );
}
