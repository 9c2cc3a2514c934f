import { DiskferryError } from './errors.ts';

/**
 * Words of on-disk structures. Offsets are bytes; a read outside the buffer throws RangeError, which is a bug of the
 * caller and not a property of the image: parsers bound their buffers first.
 */
function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function u16be(bytes: Uint8Array, at: number): number {
  return view(bytes).getUint16(at, false);
}

export function u32be(bytes: Uint8Array, at: number): number {
  return view(bytes).getUint32(at, false);
}

export function u64be(bytes: Uint8Array, at: number): bigint {
  return view(bytes).getBigUint64(at, false);
}

export function u16le(bytes: Uint8Array, at: number): number {
  return view(bytes).getUint16(at, true);
}

export function u32le(bytes: Uint8Array, at: number): number {
  return view(bytes).getUint32(at, true);
}

export function u64le(bytes: Uint8Array, at: number): bigint {
  return view(bytes).getBigUint64(at, true);
}

/**
 * An untrusted 64-bit word as a number. `what` names the field for the message and `at` is its place in the image.
 * @throws DiskferryError `image-damaged` above 2^53 - 1 (8 PiB), which no image that fits a disk reaches.
 */
export function exact(word: bigint, what: string, at?: number): number {
  if (word > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new DiskferryError('image-damaged', `${what} is ${word}, more than 8 PiB`, { offset: at });
  }
  return Number(word);
}

/** The ASCII text of a fixed field, up to its first NUL. */
export function ascii(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('latin1');
}
