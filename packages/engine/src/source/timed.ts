import type { ByteStream } from '../base/bytes.ts';
import type { Source } from './source.ts';
import { wrapped } from './wrapped.ts';

/** Tells `waited` how many milliseconds readers of a stream have waited for it. To be put around everything else. */
export function withTiming(source: Source, waited: (ms: number) => void): Source {
  return wrapped(source, { stream: async (ask) => timed(await source.stream(ask), waited) });
}

async function* timed(stream: ByteStream, waited: (ms: number) => void): ByteStream {
  let asked = performance.now();
  for await (const chunk of stream) {
    waited(performance.now() - asked);
    yield chunk;
    asked = performance.now();
  }
}
