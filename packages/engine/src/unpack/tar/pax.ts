import { damaged } from '../intake.ts';
import { decodeName } from '../name.ts';

/** What a pax header says of the members behind it, as far as it matters here. */
export interface PaxRecords {
  readonly path?: string | undefined;
  readonly size?: number | undefined;
  readonly sparse: SparseRecords;
}

/** GNU.sparse.* as it stands; which of them belong together depends on the version (`pax-sparse.ts`). */
export interface SparseRecords {
  readonly major?: string | undefined;
  readonly minor?: string | undefined;
  readonly name?: string | undefined;
  readonly size?: number | undefined;
  readonly realsize?: number | undefined;
  readonly map?: string | undefined;
  /** Version 0.0: offset and length in turn, each in a record of its own. */
  readonly pairs?: readonly number[] | undefined;
}

const SPARSE = 'GNU.sparse.';

/**
 * Reads the records of a pax header: `LENGTH KEYWORD=VALUE\n` (POSIX.1-2017, pax, "pax Extended Header").
 * `before` are the records that these stand on. An empty path empties the name, as GNU tar has it; an empty size takes
 * the record back.
 * @param at where the data lie, for errors
 * @throws DiskferryError `package-damaged`
 */
export function parsePax(data: Uint8Array, at: number, before: PaxRecords = { sparse: {} }): PaxRecords {
  const plain: Record<string, string | number | undefined> = {};
  const sparse: Record<string, string | number | undefined> = {};
  const pairs: number[] = [];
  for (const { keyword, value, place } of paxRecords(data, at)) {
    if (keyword === 'path') plain['path'] = value;
    else if (keyword === 'size') plain['size'] = decimal(value, keyword, place);
    else if (keyword === `${SPARSE}offset` || keyword === `${SPARSE}numbytes`) {
      const wanted = pairs.length % 2 === 0 ? `${SPARSE}offset` : `${SPARSE}numbytes`;
      if (keyword !== wanted) throw damaged(`${keyword} where ${wanted} is expected`, place);
      pairs.push(decimal(value, keyword, place) ?? 0);
    } else if (keyword === `${SPARSE}size` || keyword === `${SPARSE}realsize`) {
      sparse[keyword.slice(SPARSE.length)] = decimal(value, keyword, place);
    } else if (keyword.startsWith(SPARSE)) sparse[keyword.slice(SPARSE.length)] = value;
  }
  return {
    ...before,
    ...plain,
    sparse: { ...before.sparse, ...sparse, ...(pairs.length > 0 ? { pairs } : {}) },
  };
}

interface PaxRecord {
  readonly keyword: string;
  readonly value: string;
  readonly place: number;
}

function* paxRecords(data: Uint8Array, at: number): Generator<PaxRecord> {
  for (let start = 0; start < data.length;) {
    const place = at + start;
    const space = data.indexOf(0x20, start);
    // A record is shorter than the header data, which has 7 digits at most.
    const digits = space < 0 || space - start > 7 ? '' : Buffer.from(data.subarray(start, space)).toString('latin1');
    const length = /^\d+$/.test(digits) ? Number(digits) : 0;
    const record = data.subarray(space + 1, start + length);
    const equals = record.indexOf(0x3d);
    if (
      space < 0 ||
      start + length <= space + 1 ||
      start + length > data.length ||
      record.at(-1) !== 0x0a ||
      equals <= 0
    ) {
      throw damaged('a record of a pax header is malformed', place);
    }
    const keyword = Buffer.from(record.subarray(0, equals)).toString('latin1');
    yield { keyword, value: decodeName(record.subarray(equals + 1, -1)), place };
    start += length;
  }
}

/** Undefined for the empty value, which takes the record back. */
export function decimal(text: string, keyword: string, at: number): number | undefined {
  if (text === '') return undefined;
  const value = /^\d{1,32}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw damaged(`${keyword} in a pax header is no number from 0 to 2^53 - 1`, at);
}
