import type { ByteStream } from '../../base/bytes.ts';
import { late } from '../late.ts';
import type { Compression, Mark, MarkedStream, UnpackOptions } from '../package.ts';
import { hasStreamMagic } from './stream-frame.ts';

/**
 * xz (xz-file-format 1.1.0): streams one after another with padding between them. Container, checks, index, filters
 * and LZMA2 are all decoded here: the WASM module that npm offers takes one stream at a time in a whole process, hangs
 * on a cut file and knows neither delta nor ARM64.
 */
export const xz: Compression = {
  kind: 'compression',
  name: 'xz',
  probe: hasStreamMagic,
  decode: (packed, options) => decodeFrom(async () => packed, undefined, options),
  decodeFrom,
  boundaries: 'blocks',
  contentSize: async (packed, signal) => (await import('./content-size.ts')).xzContentSize(packed, signal),
};

function decodeFrom(
  packed: (offset: number) => Promise<ByteStream>,
  from: Mark | undefined,
  options?: UnpackOptions,
): MarkedStream {
  return late(async () => new (await import('./marked-xz.ts')).MarkedXz(packed, from, options));
}
