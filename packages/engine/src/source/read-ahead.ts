import { KiB, MiB } from '../base/align.ts';
import { endOf, type ByteStream, type Range } from '../base/bytes.ts';
import { rangedBytes } from './ranged-bytes.ts';
import type { Ask, Identified, Source } from './source.ts';
import { wrapped } from './wrapped.ts';

export interface ReadAhead {
  /** Ranges under way at once. */
  readonly connections: number;
  /** Bytes of each; default 2 MiB. So many times `connections` bytes are held. */
  readonly request?: number;
}

const REQUEST = 2 * MiB;

/**
 * A long stream as many ranges that are fetched at once and given in order: object stores bound what one connection
 * carries, and a package can only be unpacked from its start. A source without ranges streams as before.
 */
export function withReadAhead(source: Source, how: ReadAhead): Source {
  let identified: Identified | undefined;
  const request = how.request ?? REQUEST;
  return wrapped(source, {
    identify: async (signal) => (identified = await source.identify(signal)),
    stream: async (ask) => {
      const range = ask.range ?? wholeOf(ask, identified);
      const worthIt = how.connections > 1 && identified?.ranged === true && range && range.length > 2 * request;
      return worthIt ? ahead(source, ask, range, { connections: how.connections, request }) : source.stream(ask);
    },
  });
}

function wholeOf(ask: Ask, identified: Identified | undefined): Range | undefined {
  const size = ask.expect.size ?? identified?.size;
  return size === undefined ? undefined : { offset: 0, length: size };
}

/** The first request is small and alone: who only looks at the head of a stream shall not pay for its body. */
const FIRST_REQUEST = 128 * KiB;

interface Coming {
  readonly buffer: Uint8Array;
  readonly read: Promise<Uint8Array>;
}

async function* ahead(source: Source, ask: Ask, range: Range, how: Required<ReadAhead>): ByteStream {
  await using bytes = rangedBytes(source, ask.expect);
  const coming: Coming[] = [];
  let next = range.offset;
  const begin = (buffer: Uint8Array, most: number): void => {
    const part = buffer.subarray(0, Math.min(most, endOf(range) - next));
    const read = bytes.read(next, part, ask.signal).then(() => part);
    // Whoever takes it sees the failure; until then it must not count as one that nobody handles.
    read.catch(() => {});
    coming.push({ buffer, read });
    next += part.length;
  };
  begin(new Uint8Array(how.request), FIRST_REQUEST);
  let atOnce = 1;
  for (let first = coming.shift(); first; first = coming.shift()) {
    yield await first.read;
    const free = [first.buffer];
    atOnce = Math.min(how.connections, atOnce * 2);
    while (coming.length < atOnce && next < endOf(range)) begin(free.pop() ?? new Uint8Array(how.request), how.request);
  }
}
