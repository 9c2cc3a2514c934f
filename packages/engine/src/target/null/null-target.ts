import { MiB } from '../../base/align.ts';
import type { Range } from '../../base/bytes.ts';
import { InFlight } from '../in-flight.ts';
import { assertWritable } from '../range-check.ts';
import type { Target, TargetTraits } from '../target.ts';

/** Takes everything, keeps nothing and counts: how fast a source can be read, and what a copy would write. */
export class NullTarget implements Target {
  readonly kind = 'null';
  readonly label = 'null:';
  readonly identity: string;
  readonly size: number;
  readonly traits: TargetTraits = { align: 1, preferred: MiB, writers: 4, startsZeroed: true, fastZero: true };
  readonly #inFlight = new InFlight('null:');
  #written = 0;
  #zeroed = 0;
  #flushes = 0;

  constructor(size: number) {
    this.size = size;
    this.identity = `null:${size}`;
  }

  /** Bytes written and zeroed, and how often it was flushed. */
  get counts(): { readonly written: number; readonly zeroed: number; readonly flushes: number } {
    return { written: this.#written, zeroed: this.#zeroed, flushes: this.#flushes };
  }

  write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => {
      assertWritable(this, { offset, length: bytes.length }, this.traits.align);
      this.#written += bytes.length;
    }, signal);
  }

  zero(range: Range, _how: { readonly mayPunch: boolean }, signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => {
      assertWritable(this, range, this.traits.align);
      this.#zeroed += range.length;
    }, signal);
  }

  flush(signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => void this.#flushes++, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#inFlight.close();
  }
}
