import { u32le } from '../../base/endian.ts';
import type { Filter } from './filter.ts';

/**
 * The x86 branch filter (LZMA SDK, x86 in Bra86.c). CALL and JMP (E8, E9) are followed by a 32-bit distance. Bytes that
 * only look like an opcode are common, so the encoder leaves an address alone where the three bytes before it held
 * another opcode in certain places: `recent` has one bit for each of them, and the decoder must judge as the encoder did.
 */
const JUDGED_BYTE = [0, 1, 2, 2, 3, 3, 3, 3] as const;
const MAY_CONVERT = [true, true, true, false, true, false, false, false] as const;

export function x86Filter(start: number): Filter {
  let place = start;
  let carried = 0;
  return (buffer) => {
    const end = buffer.length - 4;
    let recent = carried;
    let last = -1;
    let at = 0;
    for (; at < end; at++) {
      if (((buffer[at] as number) & 0xfe) !== 0xe8) continue;
      recent = aged(recent, at - last);
      last = at;
      if (isDistance(buffer, at, recent)) {
        writeDistance(buffer, at, relativeOf(u32le(buffer, at + 1), (place + at + 5) >>> 0, recent));
        at += 4;
        recent = 0;
        last = at;
      } else {
        recent = (recent << 1) | 1;
      }
    }
    if (end <= 0) return 0;
    carried = aged(recent, at - last);
    place = (place + at) >>> 0;
    return at;
  };
}

function aged(recent: number, steps: number): number {
  return steps > 3 ? 0 : (recent << (steps - 1)) & 7;
}

function isDistance(buffer: Uint8Array, at: number, recent: number): boolean {
  if (recent !== 0) {
    if (MAY_CONVERT[recent] === false) return false;
    if (isSignByte(buffer[at + 4 - (JUDGED_BYTE[recent] ?? 0)])) return false;
  }
  return isSignByte(buffer[at + 4]);
}

const isSignByte = (byte: number | undefined): boolean => byte === 0 || byte === 0xff;

function relativeOf(stored: number, next: number, recent: number): number {
  let absolute = stored;
  for (;;) {
    const relative = (absolute - next) >>> 0;
    if (recent === 0) return relative;
    const shift = (JUDGED_BYTE[recent] ?? 0) * 8;
    if (!isSignByte((relative >>> (24 - shift)) & 255)) return relative;
    absolute = (relative ^ (2 ** (32 - shift) - 1)) >>> 0;
  }
}

function writeDistance(buffer: Uint8Array, at: number, distance: number): void {
  const signed = (distance & 0x1000000) === 0 ? distance & 0x1ffffff : distance | 0xfe000000;
  new DataView(buffer.buffer, buffer.byteOffset).setUint32(at + 1, signed >>> 0, true);
}
