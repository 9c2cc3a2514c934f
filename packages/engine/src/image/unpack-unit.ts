import { DiskferryError } from '../base/errors.ts';
import { inflateUnit, inflateZlibUnit } from '../inflate/inflate-unit.ts';
import type { Codec } from './image.ts';
import { zstdFrameLength } from './zstd-frame.ts';
import { unpackZstd } from './zstd-unit.ts';

/**
 * Unpacks one cluster or grain. `packed` may be followed by padding; the result has exactly `unpacked` bytes.
 * @param into where the result is put; a new buffer of 64 KiB costs a tenth of unpacking into it
 * @throws DiskferryError `image-damaged` with `at` (the unit's place in the file) as its offset
 */
export function unpackUnit(
  codec: Codec,
  packed: Uint8Array,
  unpacked: number,
  at: number,
  into?: Uint8Array,
): Uint8Array {
  let content: Uint8Array;
  try {
    content = decode(codec, packed, unpacked, into);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DiskferryError('image-damaged', `packed cluster does not unpack (${codec}): ${why}`, {
      cause,
      offset: at,
    });
  }
  if (content.length !== unpacked) {
    const found = `${content.length} bytes instead of ${unpacked}`;
    throw new DiskferryError('image-damaged', `packed cluster unpacks to ${found}`, { offset: at });
  }
  return content;
}

function decode(codec: Codec, packed: Uint8Array, unpacked: number, into: Uint8Array | undefined): Uint8Array {
  switch (codec) {
    case 'deflate':
      return inflateUnit(packed, unpacked, into);
    case 'zlib':
      return inflateZlibUnit(packed, unpacked, into);
    case 'zstd':
      return unpackZstd(packed.subarray(0, zstdFrameLength(packed)), unpacked, into);
  }
}
