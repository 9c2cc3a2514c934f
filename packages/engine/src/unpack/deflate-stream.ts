import type { ByteStream } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { Inflater } from '../inflate/inflater.ts';
import type { Inflating } from '../inflate/inflating.ts';
import { openInflating } from '../inflate/open-inflating.ts';
import { InflateError } from '../inflate/refusal.ts';
import { damaged, type Intake } from './intake.ts';
import { unusableMark } from './sealed-mark.ts';

/** One raw deflate stream inside a package: from its first byte, or from where it was saved. */
export class DeflateStream implements Disposable {
  readonly #inflating: Inflating;
  readonly #start: number;

  private constructor(inflating: Inflating, start: number) {
    this.#inflating = inflating;
    this.#start = start;
  }

  /** @param start where its first byte stands in the package */
  static begin(start: number): DeflateStream {
    return new DeflateStream(openInflating(), start);
  }

  /** @param at where the stream stood in the package when it was saved. @throws DiskferryError `checkpoint-damaged` */
  static restore(saved: Uint8Array, at: number): DeflateStream {
    try {
      const inflating = Inflater.restore(saved);
      return new DeflateStream(inflating, at - inflating.consumed);
    } catch (cause) {
      throw unusableMark('has no deflate decoder', cause);
    }
  }

  /** Up to where the package has been used. */
  get at(): number {
    return this.#start + this.#inflating.consumed;
  }

  /** Content since the beginning of the stream. */
  get produced(): number {
    return this.#inflating.produced;
  }

  /** All that `restore` needs, between two chunks of the content; undefined where the decoder cannot tell it. */
  save(): Uint8Array | undefined {
    return this.#inflating.save?.();
  }

  /** The content from here on. Leaves the intake behind the stream's last block. @param what names the data in errors */
  async *content(intake: Intake, what: string): ByteStream {
    const inflating = this.#inflating;
    try {
      for (;;) {
        const content = await inflating.pull();
        if (content) yield content;
        else if (inflating.finished) break;
        else {
          const packed = await intake.next();
          if (packed) inflating.push(packed);
          else await inflating.end();
        }
      }
    } catch (thrown) {
      throw asPackageError(thrown, what, this.at);
    }
    intake.unread(inflating.unused);
  }

  [Symbol.dispose](): void {
    this.#inflating[Symbol.dispose]();
  }
}

function asPackageError(thrown: unknown, what: string, offset: number): unknown {
  if (!(thrown instanceof InflateError)) return thrown;
  if (thrown.reason !== 'truncated') return damaged(`${what}: ${thrown.message}`, offset);
  const message = `${what} ends at byte ${offset}, before its end mark`;
  return new DiskferryError('package-truncated', message, { offset, cause: thrown });
}
