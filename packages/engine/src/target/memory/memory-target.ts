import { MiB } from '../../base/align.ts';
import type { Range } from '../../base/bytes.ts';
import { InFlight } from '../in-flight.ts';
import { assertInside, assertWritable } from '../range-check.ts';
import type { Target, TargetTraits } from '../target.ts';
import { MemoryDisk } from './memory-disk.ts';

export interface MemoryOptions {
  /** What a write must be a multiple of; default 1. */
  readonly align?: number;
  /** Tells disks apart for checkpoints; default `memory`. */
  readonly name?: string;
}

/** A target in memory: as strict as the others, and exact, so that it serves as the model they are compared with. */
export class MemoryTarget implements Target {
  readonly kind = 'memory';
  readonly label: string;
  readonly identity: string;
  readonly size: number;
  readonly traits: TargetTraits;
  readonly readBack: NonNullable<Target['readBack']>;
  readonly disk: MemoryDisk;
  readonly #inFlight: InFlight;

  /** @param medium a size in bytes for a new disk, or a disk that something may have been written to before */
  constructor(medium: number | MemoryDisk, options: MemoryOptions = {}) {
    this.disk = typeof medium === 'number' ? new MemoryDisk(medium) : medium;
    this.size = this.disk.size;
    this.label = options.name ?? 'memory';
    this.identity = `memory:${this.label}:${this.size}`;
    this.#inFlight = new InFlight(this.label);
    const { isBlank } = this.disk;
    this.traits = { align: options.align ?? 1, preferred: MiB, writers: 4, startsZeroed: isBlank, fastZero: true };
    this.readBack = {
      size: this.size,
      bypassesCache: true,
      read: (offset, into, signal) => this.#read(offset, into, signal),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => {
      assertWritable(this, { offset, length: bytes.length }, this.traits.align);
      this.disk.write(offset, bytes);
    }, signal);
  }

  zero(range: Range, _how: { readonly mayPunch: boolean }, signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => {
      assertWritable(this, range, this.traits.align);
      this.disk.zero(range);
    }, signal);
  }

  flush(signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => {}, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#inFlight.close();
  }

  #read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => {
      assertInside(this, { offset, length: into.length });
      this.disk.read(offset, into);
    }, signal);
  }
}
