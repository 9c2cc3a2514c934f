import { KiB } from '../../../base/align.ts';
import { parseHead, type AnswerHead } from './answer-head.ts';
import { ProtocolError } from './protocol-error.ts';

const LIMIT = 64 * KiB;
const END = Buffer.from('\r\n\r\n');
const BEGINNING = Buffer.from('HTTP/1.');

/**
 * The head of one answer, out of chunks that are cut anywhere. It is copied: chunks are gone when the next one is asked
 * for.
 */
export class HeadGathering {
  #bytes = Buffer.alloc(1 * KiB);
  #length = 0;

  /**
   * Takes from a chunk what belongs to the head.
   * @returns how much that was, and the head where it is complete
   * @throws ProtocolError
   */
  take(chunk: Uint8Array): { readonly used: number; readonly head: AnswerHead | undefined } {
    const before = this.#length;
    this.#append(chunk.subarray(0, LIMIT - before));
    this.#checkBeginning();
    const end = this.#bytes.subarray(0, this.#length).indexOf(END, Math.max(0, before - END.length + 1));
    if (end >= 0) {
      const length = end + END.length;
      return { used: length - before, head: parseHead(this.#bytes.subarray(0, length)) };
    }
    if (this.#length === LIMIT) throw new ProtocolError('its head has more than 64 KiB', 'later');
    return { used: chunk.length, head: undefined };
  }

  #append(part: Uint8Array): void {
    const length = this.#length + part.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.alloc(Math.min(LIMIT, Math.max(length, 2 * this.#bytes.length)));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(part, this.#length);
    this.#length = length;
  }

  /** What speaks another protocol shall not be waited for until the time for a head is over. */
  #checkBeginning(): void {
    const length = Math.min(this.#length, BEGINNING.length);
    if (this.#bytes.compare(BEGINNING, 0, length, 0, length) !== 0) {
      throw new ProtocolError('its answer does not begin with HTTP/1');
    }
  }
}
