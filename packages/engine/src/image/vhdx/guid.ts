import { u16le, u32le } from '../../base/endian.ts';

export const GUID_SIZE = 16;
export const NO_GUID = '00000000-0000-0000-0000-000000000000';

/** A GUID as Microsoft stores it: its first three words little-endian, the rest as bytes. In lower case. */
export function guidAt(bytes: Uint8Array, at: number): string {
  const rest = Buffer.from(bytes.subarray(at + 8, at + GUID_SIZE)).toString('hex');
  const words = [hex(u32le(bytes, at), 8), hex(u16le(bytes, at + 4), 4), hex(u16le(bytes, at + 6), 4)];
  return [...words, rest.slice(0, 4), rest.slice(4)].join('-');
}

function hex(word: number, digits: number): string {
  return word.toString(16).padStart(digits, '0');
}
