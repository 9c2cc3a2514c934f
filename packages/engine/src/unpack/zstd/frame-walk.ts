import { BLOCK_HEADER_LENGTH, frameHeaderLength, MAGIC_LENGTH, parseBlockHeader, parseFrameHeader } from './frame.ts';

const CHECKSUM_LENGTH = 4;

type State = 'descriptor' | 'header' | 'block' | 'done';

/**
 * Follows one frame through chunks of any size without decoding it, so that its end is known to the byte: the engine
 * is then given this frame and nothing else, and a missing end cannot pass for a complete one.
 */
export class FrameWalk {
  readonly #start: number;
  readonly #partial = new Uint8Array(32);
  #state: State = 'descriptor';
  #gathered = 0;
  #wanted = MAGIC_LENGTH + 1;
  #skip = 0;
  #checksum = false;
  #lastBlock = false;
  #seen = 0;

  /** `start`: where the frame begins, for errors. */
  constructor(start: number) {
    this.#start = start;
  }

  get done(): boolean {
    return this.#state === 'done' && this.#skip === 0;
  }

  /** How many bytes at the head of `chunk` belong to the frame. @throws DiskferryError `package-*` */
  take(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && !this.done) {
      at += this.#skip > 0 ? this.#pass(chunk.length - at) : this.#gather(chunk.subarray(at));
    }
    this.#seen += at;
    return at;
  }

  #pass(available: number): number {
    const passed = Math.min(this.#skip, available);
    this.#skip -= passed;
    return passed;
  }

  #gather(chunk: Uint8Array): number {
    const part = chunk.subarray(0, this.#wanted - this.#gathered);
    this.#partial.set(part, this.#gathered);
    this.#gathered += part.length;
    if (this.#gathered === this.#wanted) this.#advance(this.#partial.subarray(0, this.#wanted));
    return part.length;
  }

  #advance(bytes: Uint8Array): void {
    if (this.#state === 'descriptor') {
      this.#wanted = frameHeaderLength(bytes[MAGIC_LENGTH] ?? 0);
      this.#state = 'header';
      return;
    }
    if (this.#state === 'header') this.#checksum = parseFrameHeader(bytes, this.#start).checksum;
    else this.#enterBlock(bytes);
    this.#gathered = 0;
    this.#wanted = BLOCK_HEADER_LENGTH;
    this.#state = this.#lastBlock ? 'done' : 'block';
  }

  #enterBlock(bytes: Uint8Array): void {
    const block = parseBlockHeader(bytes, this.#start + this.#seen);
    this.#lastBlock = block.last;
    this.#skip = block.stored + (block.last && this.#checksum ? CHECKSUM_LENGTH : 0);
  }
}
