import type { Transform } from 'node:stream';
import { MiB } from '../base/align.ts';
import type { ByteStream } from '../base/bytes.ts';
import { DiskferryError, systemCode } from '../base/errors.ts';
import { damaged } from './intake.ts';

/** node:zlib with its default of 16 KiB is 2.5 times slower: each chunk is a trip to the thread pool and back. */
export const ENGINE_CHUNK = 1 * MiB;

/** An engine of node:zlib. `bytesWritten` counts the packed bytes that it has taken in: more may have been given. */
export type ZlibEngine = Transform & { readonly bytesWritten: number };

/**
 * Drives an engine of node:zlib: chunks from `next` go in, at most one ahead of what the consumer has taken. Ends when
 * the engine says that its data are complete, which may be before `next` has ended; the engine is gone afterwards.
 * `what` names the data in errors, `at` is where they begin.
 */
export async function* throughEngine(
  engine: ZlibEngine,
  next: () => Promise<Uint8Array | undefined>,
  place: { readonly what: string; readonly at: number },
): ByteStream {
  const feeding = feed(engine, next);
  try {
    for await (const chunk of engine) yield chunk as Uint8Array;
  } catch (thrown) {
    throw asPackageError(thrown, place.what, place.at + engine.bytesWritten);
  } finally {
    engine.destroy();
    await feeding;
  }
}

async function feed(engine: ZlibEngine, next: () => Promise<Uint8Array | undefined>): Promise<void> {
  try {
    // What the engine leaves of a chunk stands behind its end mark: nothing more may be pulled, for it is to be unread.
    for (let given = 0; engine.bytesWritten === given && !engine.destroyed;) {
      const chunk = await next();
      if (chunk === undefined) return void engine.end();
      given += chunk.length;
      await written(engine, chunk);
    }
  } catch (thrown) {
    engine.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}

/** An engine that is destroyed or has seen its end mark need not call back: its end or its closing settles the write. */
function written(engine: ZlibEngine, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      engine.off('end', done);
      engine.off('close', done);
      resolve();
    };
    engine.once('end', done);
    engine.once('close', done);
    if (engine.destroyed || engine.readableEnded) done();
    else engine.write(chunk, done);
  });
}

function asPackageError(thrown: unknown, what: string, offset: number): unknown {
  const code = systemCode(thrown);
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === 'Z_BUF_ERROR') {
    return new DiskferryError('package-truncated', `${what} ends at byte ${offset}, before its end mark`, { offset });
  }
  if (code === 'ZSTD_error_frameParameter_windowTooLarge') {
    return new DiskferryError('package-limit', `${what}: ${said}; the limit is 128 MiB`, { offset });
  }
  if (code?.startsWith('Z_') || code?.startsWith('ZSTD_')) return damaged(`${what}: ${said}`, offset);
  return thrown;
}
