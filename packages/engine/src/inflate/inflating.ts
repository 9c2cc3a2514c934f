import { MiB } from '../base/align.ts';

/** The longest piece of content that comes at once. */
export const LONGEST_PULL = 1 * MiB;

/**
 * A raw deflate stream (RFC 1951) that is decoded piece by piece. One caller, one call at a time:
 *
 *     for (;;) {
 *       const content = await inflating.pull();
 *       if (content) use(content);
 *       else if (inflating.finished) break;
 *       else inflating.push(await more());        // at the end of the input: await inflating.end()
 *     }
 */
export interface Inflating extends Disposable {
  /**
   * Gives the next packed bytes, of any number. Only at the beginning and after `pull` gave undefined. They stay the
   * caller's and must not change until `pull` gives undefined again.
   */
  push(packed: Uint8Array): void;
  /**
   * The next content: at least one byte and at most `most` or LONGEST_PULL; undefined where more input is needed or the
   * stream has ended. The bytes are valid until the next call of any method. @throws InflateError
   */
  pull(most?: number): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** There is no more input: pull again until finished. @throws InflateError `truncated` where the last block has not ended */
  end(): void | Promise<void>;
  /** The last block has ended, and all content was pulled. */
  readonly finished: boolean;
  /** Packed bytes since the beginning of the stream that have been used, padding bits in the last one included. */
  readonly consumed: number;
  /** Content since the beginning of the stream. */
  readonly produced: number;
  /** How many bytes at the end of the last push lie behind the end of the stream. 0 until it is finished. */
  readonly unused: number;
  /**
   * All that is needed to go on at this very place, for `Inflater.restore`: push what lies behind `consumed` then.
   * Absent where node:zlib decodes, which cannot do it.
   */
  save?(): Uint8Array;
}
