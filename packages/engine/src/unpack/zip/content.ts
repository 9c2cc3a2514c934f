import { crc32 } from 'node:zlib';
import type { Bytes, ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { openInflating } from '../../inflate/open-inflating.ts';
import { bzip2 } from '../bzip2/bzip2.ts';
import { throughInflating } from '../deflate-stream.ts';
import { damaged } from '../intake.ts';
import { inSequence } from '../sequence.ts';
import { xz } from '../xz/xz.ts';
import { zstd } from '../zstd/zstd.ts';
import type { ZipEntry } from './directory.ts';

export const STORED = 0;
const ENCRYPTED = 1 << 0;
const PATCHED = 1 << 5;
const STRONGLY_ENCRYPTED = 1 << 6;
const HEADERS_MASKED = 1 << 13;

type Unpack = (packed: Bytes, signal?: AbortSignal) => ByteStream;

/** Methods by their number (APPNOTE.TXT 6.3.10 section 4.4.5). */
const METHODS: ReadonlyMap<number, Unpack> = new Map<number, Unpack>([
  [STORED, inSequence],
  [8, inflated],
  [12, (packed, signal) => bzip2.decode(inSequence(packed, signal), { signal })],
  [93, (packed, signal) => zstd.decode(inSequence(packed, signal), { signal })],
  [95, (packed, signal) => xz.decode(inSequence(packed, signal), { signal })],
]);

/** @throws DiskferryError `package-unsupported` for methods that are not read and for encrypted members */
export function requireSupported(entry: ZipEntry): void {
  const { flags, method } = entry;
  const at = { offset: entry.headerAt };
  if (flags & (ENCRYPTED | STRONGLY_ENCRYPTED | HEADERS_MASKED))
    throw new DiskferryError('package-unsupported', 'the zip member is encrypted', at);
  if (flags & PATCHED) throw new DiskferryError('package-unsupported', 'the zip member is a patch', at);
  if (METHODS.has(method)) return;
  throw new DiskferryError(
    'package-unsupported',
    `zip method ${method}; ${[...METHODS.keys()].join(', ')} are known`,
    at,
  );
}

/** The member unpacked: never more than the directory tells, and its size and CRC are verified at the end. */
export async function* memberContent(packed: Bytes, entry: ZipEntry, signal?: AbortSignal): ByteStream {
  requireSupported(entry);
  const unpack = METHODS.get(entry.method) ?? inSequence;
  let [size, crc] = [0, 0];
  for await (const chunk of unpack(packed, signal)) {
    size += chunk.length;
    if (size > entry.size) throw sizeDiffers(entry);
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (size !== entry.size) throw sizeDiffers(entry);
  if (crc !== entry.crc) throw damaged('the CRC-32 of the zip member does not match', entry.headerAt);
}

async function* inflated(packed: Bytes, signal?: AbortSignal): ByteStream {
  using inflating = openInflating();
  const chunks = inSequence(packed, signal)[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await chunks.next();
    return done === true ? undefined : value;
  };
  for await (const chunk of throughInflating(inflating, next, { what: 'the zip member', at: 0 })) {
    signal?.throwIfAborted();
    yield chunk;
  }
  if (inflating.consumed !== packed.size) throw damaged('the deflate data of a zip member end before the member does');
}

function sizeDiffers(entry: ZipEntry): Error {
  return damaged(`the zip member does not have the ${entry.size} bytes that the directory tells`, entry.headerAt);
}
