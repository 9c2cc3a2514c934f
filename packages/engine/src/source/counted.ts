import type { Bytes, ByteStream } from '../base/bytes.ts';
import type { Source } from './source.ts';
import { wrapped } from './wrapped.ts';

/** Calls `count` with the length of all that is read, as it is read: also what is read twice after a fault. */
export function withCount(source: Source, count: (bytes: number) => void): Source {
  const bytes = source.bytes?.bind(source);
  return wrapped(source, {
    stream: async (ask) => countedStream(await source.stream(ask), count),
    ...(bytes === undefined ? {} : { bytes: async (expect) => countedBytes(await bytes(expect), count) }),
  });
}

async function* countedStream(stream: ByteStream, count: (bytes: number) => void): ByteStream {
  for await (const chunk of stream) {
    count(chunk.length);
    yield chunk;
  }
}

function countedBytes(inner: Bytes, count: (bytes: number) => void): Bytes {
  const runs = inner.runs?.bind(inner);
  return {
    size: inner.size,
    read: async (offset, into, signal) => {
      await inner.read(offset, into, signal);
      count(into.length);
    },
    ...(runs === undefined ? {} : { runs }),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
