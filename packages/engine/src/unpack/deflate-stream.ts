import type { ByteStream } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import type { Inflating } from '../inflate/inflating.ts';
import { InflateError } from '../inflate/refusal.ts';
import { damaged } from './intake.ts';

/**
 * Drives a deflate decoder: a chunk from `next` goes in when the one before is used up. Ends with the stream's last
 * block, which may be before `next` has ended. `inflating` stays the caller's. `what` names the data in errors, `at` is
 * where they begin.
 */
export async function* throughInflating(
  inflating: Inflating,
  next: () => Promise<Uint8Array | undefined>,
  place: { readonly what: string; readonly at: number },
): ByteStream {
  try {
    for (;;) {
      const content = await inflating.pull();
      if (content) yield content;
      else if (inflating.finished) return;
      else {
        const packed = await next();
        if (packed) inflating.push(packed);
        else await inflating.end();
      }
    }
  } catch (thrown) {
    throw asPackageError(thrown, place.what, place.at + inflating.consumed);
  }
}

function asPackageError(thrown: unknown, what: string, offset: number): unknown {
  if (!(thrown instanceof InflateError)) return thrown;
  if (thrown.reason !== 'truncated') return damaged(`${what}: ${thrown.message}`, offset);
  const message = `${what} ends at byte ${offset}, before its end mark`;
  return new DiskferryError('package-truncated', message, { offset, cause: thrown });
}
