import { alignUp } from '../../base/align.ts';
import type { Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { damaged } from '../intake.ts';
import type { Cursor } from './cursor.ts';
import { BLOCK } from './header.ts';
import { decimal, type SparseRecords } from './pax.ts';
import { MAP_LIMIT, mapTooLarge, PIECE_LIMIT, sparseMap, type SparseMap } from './sparse-map.ts';

/** Sparse members in pax archives (GNU tar manual, "Storing Sparse Files", versions 0.0, 0.1 and 1.0). */
export function isPaxSparse(records: SparseRecords): boolean {
  return Object.values(records).some((value) => value !== undefined);
}

/** Reads the map where it stands before the data, and leaves the cursor at the stored bytes. */
export async function readPaxSparse(cursor: Cursor, records: SparseRecords, stored: number): Promise<SparseMap> {
  const at = cursor.at;
  const size = records.realsize ?? records.size;
  const version = `${records.major ?? '0'}.${records.minor ?? '0'}`;
  if (version === '1.0') {
    const ranges = inPairs(await numbersInFront(cursor, stored), at);
    return sparseMap({ size, ranges, stored: stored - (cursor.at - at) }, at);
  }
  if (records.major !== undefined && records.major !== '0') {
    throw new DiskferryError('package-unsupported', `GNU.sparse version ${version}; 0.0, 0.1 and 1.0 are known`, {
      offset: at,
    });
  }
  const numbers = records.map === undefined ? (records.pairs ?? []) : listed(records.map, at);
  return sparseMap({ size, ranges: inPairs(numbers, at), stored }, at);
}

function listed(map: string, at: number): number[] {
  if (map === '') return [];
  return map.split(',').map((text) => decimal(text, 'GNU.sparse.map', at) ?? 0);
}

function inPairs(numbers: readonly number[], at: number): Range[] {
  if (numbers.length % 2 !== 0) throw damaged('the map of a sparse tar member ends with half a piece', at);
  return Array.from({ length: numbers.length / 2 }, (_, index) => ({
    offset: numbers[index * 2] as number,
    length: numbers[index * 2 + 1] as number,
  }));
}

/** Version 1.0: a count and then two numbers for each piece, a line each, in whole blocks in front of the data. */
async function numbersInFront(cursor: Cursor, stored: number): Promise<number[]> {
  const start = cursor.at;
  const numbers: number[] = [];
  let text = '';
  let wanted = 1;
  while (numbers.length < wanted) {
    const taken = cursor.at - start;
    if (taken + BLOCK > alignUp(stored, BLOCK))
      throw damaged('the map of a sparse tar member leaves the member', start);
    if (taken + BLOCK > MAP_LIMIT) throw mapTooLarge(start);
    text += Buffer.from(await cursor.take(BLOCK, 'the map of a sparse tar member')).toString('latin1');
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      if (numbers.length < wanted) numbers.push(numberIn(line, start));
      if (numbers.length === 1) wanted = 1 + piecesTold(numbers[0] as number, start) * 2;
    }
    if (text.length > BLOCK) throw damaged('a number in the map of a sparse tar member does not end', start);
  }
  return numbers.slice(1);
}

function piecesTold(count: number, at: number): number {
  if (count > PIECE_LIMIT) throw mapTooLarge(at);
  return count;
}

function numberIn(line: string, at: number): number {
  const value = decimal(line, 'the map of a sparse tar member', at);
  if (value === undefined) throw damaged('the map of a sparse tar member has an empty line', at);
  return value;
}
