import { damaged } from '../intake.ts';

/** A cursor over the bytes of a header or an index. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  /** Where `bytes` begin in the package, for errors. */
  readonly start: number;
}

const LONGEST = 9;

/**
 * A variable-length integer (xz-file-format section 1.2): 7 bits a byte, lowest first, the shortest form only.
 * @throws DiskferryError `package-damaged` above 2^53 - 1 as well: no content is that large
 */
export function readVli(cursor: Cursor, what: string): number {
  const begin = cursor.at;
  let value = 0;
  for (let length = 0; length < LONGEST; length++) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw damaged(`${what} leaves its header`, cursor.start + begin);
    if (byte === 0 && length > 0) break;
    value += (byte & 0x7f) * 2 ** (7 * length);
    if (byte < 0x80) return checkExact(value, what, cursor.start + begin);
  }
  throw damaged(`${what} is not a number in its shortest form`, cursor.start + begin);
}

function checkExact(value: number, what: string, at: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw damaged(`${what} is more than 8 PiB`, at);
}
