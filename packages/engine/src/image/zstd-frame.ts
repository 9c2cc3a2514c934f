import { DiskferryError } from '../base/errors.ts';
import { u32le } from '../base/endian.ts';

const MAGIC = 0xfd2fb528;
const CONTENT_SIZE_FIELD = [0, 2, 4, 8];
const DICTIONARY_FIELD = [0, 1, 2, 4];

/**
 * Length in bytes of the zstd frame at the start of `bytes` (RFC 8878, 3.1.1). Clusters are stored with padding behind
 * the frame, which the decoder would take for a broken second frame.
 * @throws DiskferryError `image-damaged` when there is no complete frame
 */
export function zstdFrameLength(bytes: Uint8Array): number {
  if (bytes.length < 6 || u32le(bytes, 0) !== MAGIC) throw damaged('no zstd frame');
  const descriptor = bytes[4] ?? 0;
  let at = 5 + headerLength(descriptor);
  for (let last = false; !last;) {
    if (at + 3 > bytes.length) throw damaged('zstd frame is cut off');
    const header = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    last = (header & 1) === 1;
    at += 3 + (isRunLength(header) ? 1 : header >> 3);
  }
  const end = at + (hasChecksum(descriptor) ? 4 : 0);
  if (end > bytes.length) throw damaged('zstd frame is cut off');
  return end;
}

function headerLength(descriptor: number): number {
  const singleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeField = sizeFlag === 0 && singleSegment ? 1 : (CONTENT_SIZE_FIELD[sizeFlag] ?? 0);
  return (singleSegment ? 0 : 1) + (DICTIONARY_FIELD[descriptor & 3] ?? 0) + sizeField;
}

function hasChecksum(descriptor: number): boolean {
  return (descriptor & 4) !== 0;
}

function isRunLength(blockHeader: number): boolean {
  return ((blockHeader >> 1) & 3) === 1;
}

function damaged(message: string): DiskferryError {
  return new DiskferryError('image-damaged', message);
}
