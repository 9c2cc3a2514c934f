import { inflateSync, zstdDecompressSync } from 'node:zlib';
import { KiB } from '../../../base/align.ts';
import {
  BLOCK_HEADER_LENGTH,
  frameHeaderLength,
  isFrame,
  MAGIC_LENGTH,
  parseBlockHeader,
  parseFrameHeader,
} from '../../../unpack/zstd/frame.ts';
import { damaged, unsupported } from '../../fault.ts';

/** Btrfs packs no more at once. */
export const UNPACKED_LIMIT = 128 * KiB;
const NAMES = ['nothing', 'zlib', 'lzo', 'zstd'];

/**
 * The content of a packed extent, of exactly `size` bytes: what is missing at its end is zeros.
 * @throws GuestFault
 */
export function unpackExtent(kind: number, packed: Uint8Array, size: number): Uint8Array {
  const name = NAMES[kind] ?? `kind ${kind}`;
  if (name !== 'zlib' && name !== 'zstd') throw unsupported(`a file is packed by ${name}`);
  const content = new Uint8Array(size);
  try {
    const options = { maxOutputLength: UNPACKED_LIMIT };
    // Behind the packed content stands padding, which the decoder of zstd would take for another frame.
    const found = name === 'zlib' ? inflateSync(packed, options) : zstdDecompressSync(firstFrame(packed), options);
    content.set(found.subarray(0, size));
  } catch (error) {
    throw damaged(`a file packed by ${name} does not unpack: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  return content;
}

function firstFrame(packed: Uint8Array): Uint8Array {
  if (!isFrame(packed)) throw damaged('no zstd frame');
  const headLength = frameHeaderLength(packed[MAGIC_LENGTH] ?? 0);
  if (headLength > packed.length) throw damaged('the zstd frame is cut off');
  const { checksum } = parseFrameHeader(packed.subarray(0, headLength), 0);
  let at = headLength;
  for (let isLast = false; !isLast;) {
    if (at + BLOCK_HEADER_LENGTH > packed.length) throw damaged('the zstd frame is cut off');
    const { last, stored } = parseBlockHeader(packed.subarray(at), at);
    isLast = last;
    at += BLOCK_HEADER_LENGTH + stored;
  }
  return packed.subarray(0, at + (checksum ? 4 : 0));
}
