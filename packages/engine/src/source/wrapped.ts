import type { Source } from './source.ts';

type Own = Partial<Pick<Source, 'identify' | 'stream' | 'bytes'>>;

/** A source that does some things in its own way and the rest as `inner`. Disposing it disposes `inner`. */
export function wrapped(inner: Source, own: Own): Source {
  const innerBytes = inner.bytes?.bind(inner);
  const bytes = 'bytes' in own ? own.bytes : innerBytes;
  return {
    label: inner.label,
    name: inner.name,
    region: inner.region,
    identify: own.identify ?? ((signal) => inner.identify(signal)),
    stream: own.stream ?? ((ask) => inner.stream(ask)),
    ...(bytes === undefined ? {} : { bytes }),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
