import { DiskferryError } from '../../base/errors.ts';
import { bzip2 } from '../bzip2/bzip2.ts';
import type { Compression } from '../package.ts';
import { xz } from '../xz/xz.ts';
import { zstd } from '../zstd/zstd.ts';
import { MarkedDeflate } from './deflate.ts';
import type { ZipEntry } from './directory.ts';

export const STORED = 0;
const ENCRYPTED = 1 << 0;
const PATCHED = 1 << 5;
const STRONGLY_ENCRYPTED = 1 << 6;
const HEADERS_MASKED = 1 << 13;

/** How the bytes of a member are packed. */
export type Method = Pick<Compression, 'decode' | 'decodeFrom' | 'boundaries'>;

const stored: Method = { decode: (packed) => packed };

const deflate: Method = {
  decode: (packed, options) => new MarkedDeflate(async () => packed, undefined, options),
  decodeFrom: (packed, from, options) => new MarkedDeflate(packed, from, options),
};

/** Methods by their number (APPNOTE.TXT 6.3.10 section 4.4.5). */
const METHODS: ReadonlyMap<number, Method> = new Map([
  [STORED, stored],
  [8, deflate],
  [12, bzip2],
  [93, zstd],
  [95, xz],
]);

/** Undefined for methods that are not read and for encrypted members: `methodOf` says why. */
export function knownMethodOf({ flags, method }: ZipEntry): Method | undefined {
  const unread = ENCRYPTED | STRONGLY_ENCRYPTED | HEADERS_MASKED | PATCHED;
  return flags & unread ? undefined : METHODS.get(method);
}

/** @throws DiskferryError `package-unsupported` */
export function methodOf(entry: ZipEntry): Method {
  const known = knownMethodOf(entry);
  if (known) return known;
  throw new DiskferryError('package-unsupported', whyUnread(entry), { offset: entry.headerAt });
}

function whyUnread({ flags, method }: ZipEntry): string {
  if (flags & (ENCRYPTED | STRONGLY_ENCRYPTED | HEADERS_MASKED)) return 'the zip member is encrypted';
  if (flags & PATCHED) return 'the zip member is a patch';
  return `zip method ${method}; ${[...METHODS.keys()].join(', ')} are known`;
}
