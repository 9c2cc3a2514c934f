import { u16le, u32le } from '../base/endian.ts';

/** A GUID as Microsoft and EFI store it: the first three groups are little-endian. */
export function mixedGuid(bytes: Uint8Array, at: number): string {
  const first = hex(u32le(bytes, at), 8);
  return `${first}-${hex(u16le(bytes, at + 4), 4)}-${hex(u16le(bytes, at + 6), 4)}-${plainHex(bytes, at + 8, 2)}-${plainHex(bytes, at + 10, 6)}`;
}

/** A UUID whose bytes stand in the order of its text. */
export function plainUuid(bytes: Uint8Array, at: number): string {
  return [4, 2, 2, 2, 6].map((length, turn) => plainHex(bytes, at + ([0, 4, 6, 8, 10][turn] ?? 0), length)).join('-');
}

export function plainHex(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString('hex');
}

export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
