import type { ByteStream } from '../../base/bytes.ts';
import type { Compression, UnpackOptions } from '../package.ts';
import { hasGzipMagic } from './header.ts';
import { MarkedGzip } from './marked-gzip.ts';

/**
 * gzip (RFC 1952): any number of members, then nothing or zeros (tapes and block devices pad with them). The frame is
 * parsed here and only the deflate data go to the decoder: node's own gunzip passes over whatever follows the last
 * member.
 */
export const gzip: Compression = {
  kind: 'compression',
  name: 'gzip',
  probe: hasGzipMagic,
  decode: (packed: ByteStream, options: UnpackOptions = {}) => new MarkedGzip(async () => packed, undefined, options),
  decodeFrom: (packed, from, options) => new MarkedGzip(packed, from, options),
};
