import zlib from 'node:zlib';
import { copyInto } from '../base/copy-into.ts';
import { ZstdDecoder } from './zstd-decoder.ts';

/** The thread's own, once it is needed; gone after a frame that it refused or that was not as long as it should be. */
let decoder: ZstdDecoder | undefined;

/**
 * Unpacks a frame whose exact size is known. `into`, where given, gets the content and is returned, cut to size.
 * @param frame to its last byte and no further (`zstdFrameLength`): what is cut off there would not be missed
 * @throws Error where the frame is damaged or is longer; a shorter content is given as it is
 */
export function unpackZstd(frame: Uint8Array, unpacked: number, into?: Uint8Array): Uint8Array {
  decoder ??= ZstdDecoder.start();
  if (!decoder) return plainly(frame, unpacked, into);
  const content = into?.subarray(0, unpacked) ?? new Uint8Array(unpacked);
  let filled = 0;
  try {
    filled = decoder.decode(frame, content);
  } finally {
    if (filled < unpacked) giveUp(decoder);
  }
  return content.subarray(0, filled);
}

/** It may stand in the middle of a frame. */
function giveUp(spoilt: ZstdDecoder): void {
  spoilt.close();
  decoder = undefined;
}

/** `chunkSize` of the result's size: one buffer, no joining (1.5 times faster than the default for 64 KiB). */
function plainly(frame: Uint8Array, unpacked: number, into: Uint8Array | undefined): Uint8Array {
  const content = zlib.zstdDecompressSync(frame, { maxOutputLength: unpacked, chunkSize: Math.max(64, unpacked) });
  if (!into) return content;
  copyInto(into, 0, content);
  return into.subarray(0, content.length);
}
