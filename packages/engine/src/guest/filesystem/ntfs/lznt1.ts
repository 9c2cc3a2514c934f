import { KiB } from '../../../base/align.ts';
import { u16le } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';

/** LZNT1, as [MS-XCA] 2.5 describes it: chunks of 4 KiB, each packed by itself or stored. */
const CHUNK = 4 * KiB;
const IS_PACKED = 0x8000;
const SIGNATURE = 3;

/** Fills `into` with the content of chunks; behind the last one it is zeros. @throws GuestFault */
export function unpackLznt1(packed: Uint8Array, into: Uint8Array): void {
  into.fill(0);
  let at = 0;
  for (let to = 0; to < into.length && at + 2 <= packed.length; to += CHUNK) {
    const header = u16le(packed, at);
    if (header === 0) return;
    const end = at + 3 + (header & 0xfff);
    if (((header >>> 12) & 7) !== SIGNATURE || end > packed.length) throw damaged('a packed chunk of NTFS is damaged');
    const content = into.subarray(to, to + CHUNK);
    const chunk = packed.subarray(at + 2, end);
    if ((header & IS_PACKED) === 0) content.set(chunk.subarray(0, content.length));
    else unpackChunk(chunk, content);
    at = end;
  }
}

/** A byte of flags, then eight times a byte, or a word with a distance back and a length. */
function unpackChunk(chunk: Uint8Array, into: Uint8Array): void {
  let filled = 0;
  for (let at = 0; at < chunk.length;) {
    const flags = chunk[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < chunk.length; bit++) {
      if ((flags & (1 << bit)) === 0) {
        if (filled >= into.length) throw damaged('a packed chunk of NTFS has more than 4 KiB');
        into[filled++] = chunk[at++] ?? 0;
        continue;
      }
      if (at + 2 > chunk.length) throw damaged('a packed chunk of NTFS ends too early');
      filled = copyBack(into, filled, u16le(chunk, at));
      at += 2;
    }
  }
}

/** The further behind, the more bits has the distance, and the fewer the length. */
function copyBack(into: Uint8Array, filled: number, word: number): number {
  let lengthBits = 12;
  for (let last = filled - 1; last >= 16; last >>>= 1) lengthBits--;
  const distance = (word >>> lengthBits) + 1;
  const end = filled + (word & ((1 << lengthBits) - 1)) + 3;
  if (distance > filled || end > into.length) throw damaged('a packed chunk of NTFS leads outside of itself');
  for (let to = filled; to < end; to++) into[to] = into[to - distance] ?? 0;
  return end;
}
