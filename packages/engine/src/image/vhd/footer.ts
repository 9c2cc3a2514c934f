import { SECTOR } from '../../base/align.ts';
import { exact, u16be, u32be, u64be } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';

/**
 * The footer of a VHD (Virtual Hard Disk Image Format Specification 1.0, "Hard Disk Footer Format"): the last sector of
 * the file, and in a dynamic disk a copy in the first one. All words are big-endian.
 */
export const FOOTER_SIZE = SECTOR;
/** Versions before Virtual PC 2004 wrote a footer one byte shorter (same specification, "Fixed Hard Disk Image"). */
const OLD_FOOTER_SIZE = 511;

const COOKIE = Buffer.from('conectix', 'latin1');
const FIELD = { version: 12, dataOffset: 16, creator: 28, currentSize: 48, geometry: 56, type: 60, checksum: 64 };
const SAVED_STATE = 84;
const NO_OFFSET = 0xffff_ffff_ffff_ffffn;

export interface Geometry {
  readonly cylinders: number;
  readonly heads: number;
  readonly sectors: number;
}

export interface Footer {
  /** The program that made the image: 'vpc ', 'win ', 'qemu', 'vbox' … */
  readonly creator: string;
  readonly currentSize: number;
  readonly geometry: Geometry;
  readonly kind: 'fixed' | 'dynamic';
  /** Where the dynamic header lies; undefined in a fixed disk. */
  readonly dataOffset: number | undefined;
  readonly savedState: boolean;
}

export function hasCookie(bytes: Uint8Array): boolean {
  return bytes.length >= OLD_FOOTER_SIZE && Buffer.compare(bytes.subarray(0, 8), COOKIE) === 0;
}

/** How long the footer at the end of a file of this size is. */
export function footerLength(fileSize: number): number {
  return fileSize % SECTOR === OLD_FOOTER_SIZE ? OLD_FOOTER_SIZE : FOOTER_SIZE;
}

/**
 * Parses one footer. The reserved end of an old one counts as zeros, which adds nothing to the checksum.
 * @param at where the footer lies in the file, for errors
 * @throws DiskferryError `image-checksum`, `image-parent`, `image-unsupported`, `image-damaged`
 */
export function parseFooter(bytes: Uint8Array, at: number): Footer {
  const kind = kindOf(u32be(bytes, FIELD.type));
  // Before the checksum: that the parent is missing is the better answer to someone who edited one by hand.
  if (kind === 'differencing') throw differencing(at);
  checkChecksum(bytes, FIELD.checksum, { what: 'footer', at });
  const version = u32be(bytes, FIELD.version);
  if (version >>> 16 !== 1) {
    throw new DiskferryError('image-unsupported', `VHD version 0x${version.toString(16)}; version 1 is supported`, {
      offset: at + FIELD.version,
    });
  }
  if (!kind) throw unknownType(u32be(bytes, FIELD.type), at);
  const dataOffset = u64be(bytes, FIELD.dataOffset);
  return {
    creator: printable(bytes.subarray(FIELD.creator, FIELD.creator + 4)),
    currentSize: exact(u64be(bytes, FIELD.currentSize), 'the current size of the VHD', at + FIELD.currentSize),
    geometry: geometry(bytes),
    kind,
    dataOffset:
      kind === 'fixed' || dataOffset === NO_OFFSET
        ? undefined
        : exact(dataOffset, 'the offset of the dynamic header', at + FIELD.dataOffset),
    savedState: bytes[SAVED_STATE] === 1,
  };
}

/**
 * The one's complement of the sum of all bytes but the checksum's own.
 * @throws DiskferryError `image-checksum`
 */
export function checkChecksum(bytes: Uint8Array, field: number, of: { what: string; at: number }): void {
  let sum = 0;
  for (const [index, byte] of bytes.entries()) if (index < field || index >= field + 4) sum += byte;
  const found = u32be(bytes, field);
  const expected = ~sum >>> 0;
  if (found === expected) return;
  const message = `the checksum of the VHD ${of.what} at ${of.at} is ${hex(found)}, its bytes give ${hex(expected)}`;
  throw new DiskferryError('image-checksum', message, { offset: of.at + field });
}

function kindOf(type: number): Footer['kind'] | 'differencing' | undefined {
  switch (type) {
    case 2:
      return 'fixed';
    case 3:
      return 'dynamic';
    case 4:
      return 'differencing';
    default:
      return undefined;
  }
}

function differencing(at: number): DiskferryError {
  return new DiskferryError('image-parent', 'a differencing VHD holds only what differs from its parent disk', {
    offset: at + FIELD.type,
  });
}

function unknownType(type: number, at: number): DiskferryError {
  return new DiskferryError('image-unsupported', `VHD disk type ${type}; fixed (2) and dynamic (3) are supported`, {
    offset: at + FIELD.type,
  });
}

function geometry(bytes: Uint8Array): Geometry {
  const at = FIELD.geometry;
  return { cylinders: u16be(bytes, at), heads: bytes[at + 2] ?? 0, sectors: bytes[at + 3] ?? 0 };
}

function printable(bytes: Uint8Array): string {
  return [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '')).join('');
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
