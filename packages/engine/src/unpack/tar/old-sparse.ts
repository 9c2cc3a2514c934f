import type { Range } from '../../base/bytes.ts';
import type { Cursor } from './cursor.ts';
import { BLOCK } from './header.ts';
import { parseNumber } from './number.ts';
import { mapTooLarge, MAP_LIMIT, sparseMap, type SparseMap } from './sparse-map.ts';

/**
 * Old GNU sparse members, type 'S' (GNU tar manual, "Old GNU Format"): four pieces in the header, then blocks of 21
 * more as long as the flag says so. Google Cloud's disk.raw is packed like this.
 */
const PIECE_LENGTH = 24;
const IN_HEADER = { start: 386, count: 4, moreAt: 482 } as const;
const IN_BLOCK = { start: 0, count: 21, moreAt: 504 } as const;
const REAL_SIZE = { start: 483, length: 12, what: 'the real size' } as const;

/** Reads the map and leaves the cursor at the stored bytes, of which there are `stored`. */
export async function readOldSparse(cursor: Cursor, header: Uint8Array, stored: number): Promise<SparseMap> {
  const at = cursor.at - BLOCK;
  const size = parseNumber(header, REAL_SIZE, at);
  const ranges = piecesIn(header, IN_HEADER, at);
  let more = header[IN_HEADER.moreAt] !== 0;
  for (let length = BLOCK; more; length += BLOCK) {
    if (length > MAP_LIMIT) throw mapTooLarge(at);
    const blockAt = cursor.at;
    const block = await cursor.take(BLOCK, 'the map of a sparse tar member');
    ranges.push(...piecesIn(block, IN_BLOCK, blockAt));
    more = block[IN_BLOCK.moreAt] !== 0;
  }
  return sparseMap({ size, ranges, stored }, at);
}

function piecesIn(block: Uint8Array, place: { readonly start: number; readonly count: number }, at: number): Range[] {
  const pieces: Range[] = [];
  for (let index = 0; index < place.count; index++) {
    const start = place.start + index * PIECE_LENGTH;
    if (block[start + 12] === 0) break;
    const offset = parseNumber(block, { start, length: 12, what: 'the offset of a piece' }, at);
    const length = parseNumber(block, { start: start + 12, length: 12, what: 'the length of a piece' }, at);
    pieces.push({ offset, length });
  }
  return pieces;
}
