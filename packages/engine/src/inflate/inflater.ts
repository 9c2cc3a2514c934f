import { KiB } from '../base/align.ts';
import { type Decoder, grown, startDecoder } from './decoder.ts';
import { type Inflating, LONGEST_PULL } from './inflating.ts';
import { FINISHED, InflateError, NEEDS_INPUT, NEEDS_OUTPUT, refusalOf, truncated } from './refusal.ts';
import { readSaved, writeSaved } from './saved-state.ts';

/** How far back a match may reach (RFC 1951 section 2). */
export const WINDOW = 32 * KiB;
/** Packed bytes that lie in the decoder's memory at a time. */
const STAGE = 256 * KiB;
/** Decoders that wait for their next stream: archives and files of many members make one after another. */
const IDLE_LIMIT = 2;
const idle: Decoder[] = [];

const EMPTY: Uint8Array = new Uint8Array(0);

/**
 * Inflating by our own decoder: all in its memory, which holds a stage of input, and behind it the window and the
 * content. Content is given out as a view of that memory; when there is no room for more, the last 32 KiB move to the
 * front.
 */
export class Inflater implements Inflating {
  readonly #decoder: Decoder;
  readonly #memory: Uint8Array;
  readonly #stageAt: number;
  readonly #windowAt: number;
  #packed = EMPTY;
  /** How much of `#packed` has been staged. */
  #staged = 0;
  #input: number;
  #inputEnd: number;
  #output: number;
  #consumed = 0;
  #produced = 0;
  #finished = false;
  #disposed = false;

  /** A decoder for a new stream, undefined where WebAssembly does not start. Dispose it, or its memory waits for the GC. */
  static start(): Inflater | undefined {
    const decoder = idle.pop() ?? startDecoder();
    if (!decoder || !grown(decoder, decoder.hostAt.value + STAGE + WINDOW + LONGEST_PULL)) return undefined;
    return new Inflater(decoder);
  }

  /** Goes on where `saved` was made. @throws InflateError `saved-state` */
  static restore(saved: Uint8Array): Inflater {
    const inflater = Inflater.start();
    if (!inflater) throw new InflateError('saved-state', 'a saved decoder cannot go on without WebAssembly');
    try {
      inflater.#restore(saved);
      return inflater;
    } catch (thrown) {
      inflater[Symbol.dispose]();
      throw thrown;
    }
  }

  private constructor(decoder: Decoder) {
    decoder.reset();
    this.#decoder = decoder;
    this.#memory = new Uint8Array(decoder.memory.buffer);
    this.#stageAt = decoder.hostAt.value;
    this.#windowAt = this.#stageAt + STAGE;
    this.#input = this.#inputEnd = this.#stageAt;
    this.#output = this.#windowAt;
  }

  get finished(): boolean {
    return this.#finished;
  }

  get consumed(): number {
    return this.#consumed;
  }

  get produced(): number {
    return this.#produced;
  }

  get unused(): number {
    return this.#finished ? this.#left() : 0;
  }

  push(packed: Uint8Array): void {
    if (this.#left() > 0) throw new RangeError(`${this.#left()} bytes of the last push are still to be decoded`);
    this.#packed = packed;
    this.#staged = 0;
  }

  pull(most: number = LONGEST_PULL): Uint8Array | undefined {
    if (this.#finished) return undefined;
    const room = Math.max(1, Math.min(most, LONGEST_PULL));
    this.#makeRoom(room);
    const start = this.#output;
    let status = this.#run(start + room);
    while (status === NEEDS_INPUT && this.#stage()) status = this.#run(start + room);
    this.#finished = status === FINISHED;
    if (!this.#finished && status !== NEEDS_INPUT && status !== NEEDS_OUTPUT) throw refusalOf(status);
    return this.#output > start ? this.#memory.subarray(start, this.#output) : undefined;
  }

  end(): void {
    if (!this.#finished) throw truncated();
  }

  save(): Uint8Array {
    const { stateAt, savedSize } = this.#decoder;
    return writeSaved({
      consumed: this.#consumed,
      produced: this.#produced,
      state: this.#memory.subarray(stateAt.value, stateAt.value + savedSize.value),
      window: this.#memory.subarray(Math.max(this.#windowAt, this.#output - WINDOW), this.#output),
    });
  }

  [Symbol.dispose](): void {
    if (!this.#disposed && idle.length < IDLE_LIMIT) idle.push(this.#decoder);
    this.#disposed = true;
    this.#packed = EMPTY;
  }

  #run(outputEnd: number): number {
    // The decoder may be another stream's by now.
    if (this.#disposed) throw new Error('an inflater that was disposed of cannot decode');
    const decoder = this.#decoder;
    const status = decoder.run(this.#input, this.#inputEnd, this.#windowAt, this.#output, outputEnd);
    this.#consumed += decoder.inputPlace() - this.#input;
    this.#produced += decoder.outputPlace() - this.#output;
    this.#input = decoder.inputPlace();
    this.#output = decoder.outputPlace();
    return status;
  }

  /** Where input is needed, the stage is used up; whether there was more of it. */
  #stage(): boolean {
    const part = this.#packed.subarray(this.#staged, this.#staged + STAGE);
    this.#memory.set(part, this.#stageAt);
    this.#staged += part.length;
    this.#input = this.#stageAt;
    this.#inputEnd = this.#stageAt + part.length;
    return part.length > 0;
  }

  #left(): number {
    return this.#inputEnd - this.#input + this.#packed.length - this.#staged;
  }

  #makeRoom(room: number): void {
    if (this.#output + room <= this.#memory.length) return;
    const from = this.#output - WINDOW;
    this.#memory.copyWithin(this.#windowAt, from, this.#output);
    this.#output = this.#windowAt + WINDOW;
  }

  #restore(saved: Uint8Array): void {
    const { stateAt, savedSize } = this.#decoder;
    const { consumed, produced, state, window } = readSaved(saved, { stateSize: savedSize.value, window: WINDOW });
    this.#memory.set(state, stateAt.value);
    this.#memory.set(window, this.#windowAt);
    const status = this.#decoder.accept(window.length);
    if (status !== 0) throw refusalOf(status);
    this.#output = this.#windowAt + window.length;
    this.#consumed = consumed;
    this.#produced = produced;
    // Nothing can come of it but that the stream had ended.
    this.#finished = this.#run(this.#output) === FINISHED;
  }
}
