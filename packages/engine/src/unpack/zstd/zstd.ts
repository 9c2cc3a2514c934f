import type { ByteStream } from '../../base/bytes.ts';
import { late } from '../late.ts';
import type { Compression, Mark, MarkedStream, UnpackOptions } from '../package.ts';
import { isFrame, isSkippable } from './frame.ts';

/** Zstandard (RFC 8878): frames and skippable frames one after another. A frame's checksum is verified where it has one. */
export const zstd: Compression = {
  kind: 'compression',
  name: 'zstd',
  probe: (head) => isFrame(head) || isSkippable(head),
  decode: (packed, options) => decodeFrom(async () => packed, undefined, options),
  decodeFrom,
  boundaries: 'frames',
  contentSize: async (packed, signal) => (await import('./content-size.ts')).zstdContentSize(packed, signal),
};

function decodeFrom(
  packed: (offset: number) => Promise<ByteStream>,
  from: Mark | undefined,
  options?: UnpackOptions,
): MarkedStream {
  return late(async () => new (await import('./marked-zstd.ts')).MarkedZstd(packed, from, options));
}
