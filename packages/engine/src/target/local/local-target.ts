import type { FileHandle } from 'node:fs/promises';
import type { Range } from '../../base/bytes.ts';
import { Flusher } from '../flusher.ts';
import { InFlight } from '../in-flight.ts';
import { assertInside, assertWritable } from '../range-check.ts';
import type { Target, TargetTraits } from '../target.ts';
import { type LocalVerb, asLocalError } from './local-errors.ts';
import { LocalZero } from './local-zero.ts';
import { LocalWriter } from './local-writer.ts';
import { ReadBack } from './read-back.ts';

export interface LocalParts {
  readonly kind: 'file' | 'block';
  readonly label: string;
  readonly identity: string;
  readonly size: number;
  readonly traits: TargetTraits;
  /** Open for reading and writing; the target closes it. */
  readonly handle: FileHandle;
  /** The same, past the page cache, where the system has that way (`openDirect`); the target closes it too. */
  readonly direct: FileHandle | undefined;
}

/**
 * What a file and a block device have in common: both are written past the page cache where that is worth it and through
 * it otherwise, zeroed by fallocate and read back past the cache. (Writes through the cache may have any size: at the tail
 * the kernel reads and modifies the block. Where both ways meet, the kernel keeps the cache true: open(2), O_DIRECT.)
 */
export class LocalTarget implements Target {
  readonly kind: 'file' | 'block';
  readonly label: string;
  readonly identity: string;
  readonly size: number;
  readonly readBack: NonNullable<Target['readBack']>;
  readonly #parts: LocalParts;
  readonly #disk: ReadBack;
  readonly #writer: LocalWriter;
  readonly #zero: LocalZero;
  readonly #flusher: Flusher;
  readonly #inFlight: InFlight;
  #traits: TargetTraits;
  #disposed: Promise<void> | undefined;

  constructor(parts: LocalParts) {
    this.#parts = parts;
    this.kind = parts.kind;
    this.label = parts.label;
    this.identity = parts.identity;
    this.size = parts.size;
    this.#traits = parts.traits;
    this.#writer = new LocalWriter(parts.handle, parts.direct);
    this.#zero = new LocalZero(parts.handle);
    this.#disk = new ReadBack(parts.handle, parts.direct, parts.size);
    this.#flusher = new Flusher(() => parts.handle.datasync());
    this.#inFlight = new InFlight(parts.label);
    const disk = this.#disk;
    this.readBack = {
      size: parts.size,
      get bypassesCache() {
        return disk.bypassesCache;
      },
      read: (offset, into, signal) => this.#read(offset, into, signal),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  get traits(): TargetTraits {
    return this.#traits;
  }

  write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.attempt('write', { offset, signal }, async () => {
      assertWritable(this, { offset, length: bytes.length }, this.traits.align);
      await this.#writer.write(offset, bytes, signal);
    });
  }

  zero(range: Range, how: { readonly mayPunch: boolean }, signal?: AbortSignal): Promise<void> {
    return this.attempt('zero', { offset: range.offset, signal }, async () => {
      assertWritable(this, range, this.traits.align);
      await this.#zero.zero(range, how, signal);
    });
  }

  flush(signal?: AbortSignal): Promise<void> {
    return this.attempt('flush', { signal }, () => this.#flusher.flush());
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  /** For a leaf that has just made the whole target read as zeros. */
  protected becomeBlank(): void {
    this.#traits = { ...this.#traits, startsZeroed: true };
  }

  async #dispose(): Promise<void> {
    await this.#inFlight.close();
    await this.#parts.direct?.close();
    await this.#parts.handle.close();
  }

  #read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.attempt('read', { offset, signal }, async () => {
      assertInside(this, { offset, length: into.length });
      await this.#disk.read(offset, into, signal);
    });
  }

  /** Work on the open descriptor: counted for disposal, and its errors those of a target. */
  protected async attempt(
    verb: LocalVerb,
    at: { readonly offset?: number; readonly signal?: AbortSignal | undefined },
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await this.#inFlight.run(work, at.signal);
    } catch (error) {
      throw asLocalError(error, { label: this.label, verb, ...(at.offset === undefined ? {} : { offset: at.offset }) });
    }
  }
}
