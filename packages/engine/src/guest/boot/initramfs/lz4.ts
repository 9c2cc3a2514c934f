import { MiB } from '../../../base/align.ts';
import type { ByteStream } from '../../../base/bytes.ts';
import { u32le } from '../../../base/endian.ts';
import { Intake } from '../../../unpack/intake.ts';
import { damaged } from '../../fault.ts';

/** The legacy frame of lz4, the only one that Linux unpacks: blocks of up to 8 MiB, each on its own. */
const MAGIC = 0x184c_2102;
const BLOCK = 8 * MiB;

export function isLegacyLz4(head: Uint8Array): boolean {
  return head.length >= 4 && u32le(head, 0) === MAGIC;
}

export async function* decodeLegacyLz4(packed: ByteStream): ByteStream {
  await using intake = new Intake(packed);
  while (!(await intake.atEnd())) {
    const word = u32le(await intake.exactly(4, 'the size of an lz4 block'), 0);
    if (word === MAGIC) continue;
    // Linux pads archives with zeros and builds end with the size of what was packed.
    if (word === 0 || word > BLOCK + BLOCK / 255 + 16) return;
    yield decodeBlock(await intake.exactly(word, 'an lz4 block'));
  }
}

/** One block (lz4_Block_format.md): literals, then a copy of what was written before, until the block ends in literals. */
export function decodeBlock(packed: Uint8Array): Uint8Array {
  const out = new Uint8Array(BLOCK);
  let at = 0;
  let filled = 0;
  while (at < packed.length) {
    const token = packed[at++] ?? 0;
    const literals = lengthOf(token >>> 4);
    if (at + literals > packed.length || filled + literals > BLOCK) throw damaged('an lz4 block contradicts itself');
    out.set(packed.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    if (at >= packed.length) break;
    const distance = (packed[at] ?? 0) | ((packed[at + 1] ?? 0) << 8);
    at += 2;
    const length = lengthOf(token & 15) + 4;
    if (distance === 0 || distance > filled || filled + length > BLOCK)
      throw damaged('an lz4 block contradicts itself');
    if (distance >= length) out.copyWithin(filled, filled - distance, filled - distance + length);
    else for (let index = 0; index < length; index++) out[filled + index] = out[filled - distance + index] ?? 0;
    filled += length;
  }
  return out.subarray(0, filled);

  function lengthOf(nibble: number): number {
    let length = nibble;
    let byte = nibble === 15 ? 255 : 0;
    while (byte === 255) {
      byte = packed[at++] ?? 0;
      length += byte;
    }
    return length;
  }
}
