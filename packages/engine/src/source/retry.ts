import type { ByteStream, Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { Gate } from './gate.ts';
import { RETRY, Stretch, type RetryPolicy } from './retry-policy.ts';
import type { Ask, Identity, Source } from './source.ts';
import { wrapped } from './wrapped.ts';

/** Fewer bytes than this are no progress: a server that gives one byte per connection would be asked for ever. */
const PROGRESS = 4096;

/** How much is read again to see whether an object without any validator is still the same. */
const OVERLAP = 4096;

/**
 * A source that goes on after faults: a stream that breaks is opened again behind its last good byte. Only errors that
 * say `retry: now` are tried again. Where the server does not serve ranges, the stream is read again from its start and
 * thrown away up to that byte, but only if a strong validator says that it is the same object.
 */
export function withRetry(source: Source, policy: Partial<RetryPolicy> = {}): Source {
  const rules = { ...RETRY, ...policy };
  const gate = new Gate();
  let ranged = true;
  const open = (ask: Ask): Promise<ByteStream> => gate.pass(() => source.stream(ask), ask.signal);
  return wrapped(source, {
    identify: async (signal) => {
      const found = await persist(() => gate.pass(() => source.identify(signal), signal), new Stretch(rules), signal);
      ranged = found.ranged;
      return found;
    },
    stream: async (ask) => {
      const stretch = new Stretch(rules);
      const first = await persist(() => open(ask), stretch, ask.signal);
      return goOn({ ask, open, stretch, ranged }, first);
    },
  });
}

async function persist<Value>(attempt: () => Promise<Value>, stretch: Stretch, signal?: AbortSignal): Promise<Value> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      await stretch.after(error, signal);
    }
  }
}

interface Reading {
  readonly ask: Ask;
  readonly open: (ask: Ask) => Promise<ByteStream>;
  readonly stretch: Stretch;
  readonly ranged: boolean;
}

async function* goOn(reading: Reading, first: ByteStream): ByteStream {
  const { ask, stretch } = reading;
  const keepsTail = reading.ranged && !isPinned(ask.expect);
  const length = ask.range?.length ?? ask.expect.size;
  let stream = first;
  let tail: Uint8Array = new Uint8Array(0);
  for (let done = 0, gained = 0; ;) {
    try {
      for await (const chunk of stream) {
        done += chunk.length;
        gained += chunk.length;
        if (keepsTail) tail = tailOf(tail, chunk);
        if (gained >= PROGRESS) stretch.progress();
        yield chunk;
      }
      return;
    } catch (error) {
      if (done === length) return;
      if (!mayReopen(reading)) throw error;
      await stretch.after(error, ask.signal);
      gained = 0;
      stream = reopened(reading, done, tail);
    }
  }
}

/** Lazy, so that what fails in opening is handled where a broken stream is. */
async function* reopened({ ask, open, ranged }: Reading, done: number, tail: Uint8Array): ByteStream {
  if (!ranged || ask.expect.size === undefined) {
    yield* without(await open(ask), done);
    return;
  }
  const from = ask.range?.offset ?? 0;
  const length = ask.range?.length ?? ask.expect.size;
  const range: Range = { offset: from + done - tail.length, length: length - done + tail.length };
  yield* behind(await open({ ...ask, range }), tail, from + done - tail.length);
}

function mayReopen({ ask, ranged }: Reading): boolean {
  if (ranged && ask.expect.size !== undefined) return true;
  return ask.expect.etag !== undefined || hasVersion(ask.expect);
}

function isPinned(expect: Identity): boolean {
  return expect.etag !== undefined || expect.lastModified !== undefined || hasVersion(expect);
}

function hasVersion(expect: Identity): boolean {
  return expect.version !== undefined && !expect.version.startsWith('W/');
}

/** The stream without its first `skip` bytes. */
async function* without(stream: ByteStream, skip: number): ByteStream {
  let left = skip;
  for await (const chunk of stream) {
    const drop = Math.min(left, chunk.length);
    left -= drop;
    if (drop < chunk.length) yield drop === 0 ? chunk : chunk.subarray(drop);
  }
}

/** The stream behind `known`, with which it must begin. */
async function* behind(stream: ByteStream, known: Uint8Array, offset: number): ByteStream {
  let at = 0;
  for await (const chunk of stream) {
    const part = chunk.subarray(0, Math.max(0, known.length - at));
    if (Buffer.compare(part, known.subarray(at, at + part.length)) !== 0) {
      const said = 'bytes that were read before are others now, and the server gives no validator';
      throw new DiskferryError('source-changed', said, { offset: offset + at });
    }
    at += part.length;
    if (part.length < chunk.length) yield part.length === 0 ? chunk : chunk.subarray(part.length);
  }
}

function tailOf(tail: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (chunk.length >= OVERLAP) return new Uint8Array(chunk.subarray(chunk.length - OVERLAP));
  return Buffer.concat([tail, chunk]).subarray(-OVERLAP);
}
