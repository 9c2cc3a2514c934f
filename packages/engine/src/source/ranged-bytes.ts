import type { Bytes, ByteStream, Range } from '../base/bytes.ts';
import { KiB } from '../base/align.ts';
import { copyInto } from '../base/copy-into.ts';
import { DiskferryError } from '../base/errors.ts';
import { PageCache } from '../base/page-cache.ts';
import type { Identity, Source } from './source.ts';

/** Reads of this size and more are requests of their own, straight into the buffer of the caller. */
const LARGE = 256 * KiB;

/**
 * Any source that serves ranges, as Bytes. Small reads, which parsers of tables make in thousands, come from a bounded
 * cache of pages. Disposing it ends what is in flight; the source stays with whoever opened it.
 * @throws DiskferryError `source-no-ranges` where they are not served, or the size is not known
 */
export function rangedBytes(source: Source, identity: Identity & { readonly ranged?: boolean }): Bytes {
  const { size } = identity;
  if (identity.ranged === false)
    throw new DiskferryError('source-no-ranges', `${source.label} is not served by ranges`);
  if (size === undefined) throw new DiskferryError('source-no-ranges', `${source.label}: the size is not known`);
  const closing = new AbortController();
  const inFlight = new Set<Promise<void>>();
  const fetch = (range: Range, pieces: readonly Uint8Array[], signal?: AbortSignal): Promise<void> => {
    const both = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    const job = source.stream({ range, expect: identity, signal: both }).then((s) => fill(s, pieces, source.label));
    inFlight.add(job);
    return job.finally(() => inFlight.delete(job));
  };
  const pages = new PageCache(size, fetch);
  return {
    size,
    read: async (offset, into, signal) => {
      signal?.throwIfAborted();
      if (!(offset >= 0 && offset + into.length <= size)) throw outside(source, size, { offset, length: into.length });
      if (into.length >= LARGE) await fetch({ offset, length: into.length }, [into], signal);
      else if (into.length > 0) await pages.read(offset, into, signal);
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await Promise.allSettled(inFlight);
    },
  };
}

function outside(source: Source, size: number, { offset, length }: Range): DiskferryError {
  const said = `read of ${length} bytes at ${offset} leaves the ${size} bytes of ${source.label}`;
  return new DiskferryError('internal', said, { offset });
}

/** The direct way where the source has one, ranges otherwise. Disposed by the caller. */
export async function openBytes(source: Source, identity: Identity): Promise<Bytes> {
  return source.bytes === undefined ? rangedBytes(source, identity) : source.bytes(identity);
}

async function fill(stream: ByteStream, pieces: readonly Uint8Array[], label: string): Promise<void> {
  let turn = 0;
  let at = 0;
  for await (let chunk of stream) {
    while (chunk.length > 0) {
      const piece = pieces[turn];
      if (piece === undefined) throw new DiskferryError('source-answer', `${label}: more bytes than were asked for`);
      const part = chunk.subarray(0, piece.length - at);
      copyInto(piece, at, part);
      at += part.length;
      chunk = chunk.subarray(part.length);
      if (at === piece.length) [turn, at] = [turn + 1, 0];
    }
  }
  if (turn < pieces.length) throw new DiskferryError('source-unreachable', `${label}: fewer bytes than were asked for`);
}
