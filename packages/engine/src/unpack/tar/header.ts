import { isZero } from '../../base/zero.ts';
import { damaged } from '../intake.ts';
import { decodeName } from '../name.ts';
import { parseNumber } from './number.ts';

/** The header block of a tar member (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar's tar.h). */
export const BLOCK = 512;

const NAME_LENGTH = 100;
const SIZE = { start: 124, length: 12, what: 'the size' } as const;
const CHECKSUM = { start: 148, length: 8, what: 'the checksum' } as const;
const TYPE_AT = 156;
const MAGIC_AT = 257;
const PREFIX = { start: 345, length: 155 } as const;

export interface TarHeader {
  readonly name: string;
  /** Bytes that follow as the header tells it; a pax header may tell otherwise. */
  readonly size: number;
  /** The type flag as a character; NUL, which old archives have for files, as '0'. */
  readonly type: string;
}

/** Quick and for probing: a header whose checksum is right, or the magic of ustar whatever the checksum. */
export function looksLikeHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK) return false;
  if (Buffer.from(block.subarray(MAGIC_AT, MAGIC_AT + 5)).toString('latin1') === 'ustar') return true;
  return block[0] !== 0 && checksumMatches(block, 0, false);
}

/**
 * @param at where the block lies, for errors
 * @returns undefined for a block of zeros, which ends the archive
 * @throws DiskferryError `package-damaged`
 */
export function parseHeader(block: Uint8Array, at: number): TarHeader | undefined {
  if (isZero(block)) return undefined;
  if (!checksumMatches(block, at, true)) throw damaged('the checksum of a tar header does not match', at);
  const type = block[TYPE_AT] === 0 ? '0' : String.fromCharCode(block[TYPE_AT] ?? 0);
  return { name: nameOf(block), size: parseNumber(block, SIZE, at), type };
}

function nameOf(block: Uint8Array): string {
  const name = decodeName(block.subarray(0, NAME_LENGTH));
  // Only "ustar\0" has a prefix: GNU's "ustar  " keeps times there.
  const magic = Buffer.from(block.subarray(MAGIC_AT, MAGIC_AT + 6)).toString('latin1');
  if (magic !== 'ustar\0' || block[PREFIX.start] === 0) return name;
  return `${decodeName(block.subarray(PREFIX.start, PREFIX.start + PREFIX.length))}/${name}`;
}

/** The sum of all bytes with the field itself as spaces; old tars have summed up signed bytes. */
function checksumMatches(block: Uint8Array, at: number, strict: boolean): boolean {
  let unsigned = 0;
  let signed = 0;
  for (let place = 0; place < BLOCK; place++) {
    const inField = place >= CHECKSUM.start && place < CHECKSUM.start + CHECKSUM.length;
    const byte = inField ? 0x20 : (block[place] as number);
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 256;
  }
  const told = strict ? parseNumber(block, CHECKSUM, at) : toldQuietly(block);
  return told === unsigned || told === signed;
}

function toldQuietly(block: Uint8Array): number | undefined {
  try {
    return parseNumber(block, CHECKSUM, 0);
  } catch {
    return undefined;
  }
}
