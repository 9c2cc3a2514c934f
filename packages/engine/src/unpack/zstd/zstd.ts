import type { Compression } from '../package.ts';
import { zstdContentSize } from './content-size.ts';
import { isFrame, isSkippable } from './frame.ts';
import { MarkedZstd } from './marked-zstd.ts';

/** Zstandard (RFC 8878): frames and skippable frames one after another. A frame's checksum is verified where it has one. */
export const zstd: Compression = {
  kind: 'compression',
  name: 'zstd',
  probe: (head) => isFrame(head) || isSkippable(head),
  decode: (packed, options) => new MarkedZstd(async () => packed, undefined, options),
  decodeFrom: (packed, from, options) => new MarkedZstd(packed, from, options),
  boundaries: 'frames',
  contentSize: zstdContentSize,
};
