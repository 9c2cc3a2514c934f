import type { Compression } from '../package.ts';
import { xzContentSize } from './content-size.ts';
import { MarkedXz } from './marked-xz.ts';
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
  decode: (packed, options) => new MarkedXz(async () => packed, undefined, options),
  decodeFrom: (packed, from, options) => new MarkedXz(packed, from, options),
  boundaries: 'blocks',
  contentSize: xzContentSize,
};
