import type { Bytes, ByteStream } from '../base/bytes.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { Source } from './source.ts';
import { wrapped } from './wrapped.ts';

/** Lets no more through than the limiter allows. One limiter may be shared by any number of sources and streams. */
export function withThrottle(source: Source, limiter: Bandwidth): Source {
  const bytes = source.bytes?.bind(source);
  return wrapped(source, {
    stream: async (ask) => slowed(await source.stream(ask), limiter, ask.signal),
    ...(bytes === undefined ? {} : { bytes: async (expect) => slowedBytes(await bytes(expect), limiter) }),
  });
}

async function* slowed(stream: ByteStream, limiter: Bandwidth, signal: AbortSignal | undefined): ByteStream {
  for await (const chunk of stream) {
    await limiter.take(chunk.length, signal);
    yield chunk;
  }
}

function slowedBytes(inner: Bytes, limiter: Bandwidth): Bytes {
  const runs = inner.runs?.bind(inner);
  return {
    size: inner.size,
    read: async (offset, into, signal) => {
      await limiter.take(into.length, signal);
      await inner.read(offset, into, signal);
    },
    ...(runs === undefined ? {} : { runs }),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
