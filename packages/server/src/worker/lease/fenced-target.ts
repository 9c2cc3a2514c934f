import type { Range, Target } from '@diskferry/engine';
import { FileTarget } from '@diskferry/engine';

/** What must still be true when something is written. */
export interface Held {
  /** @throws LeaseLost */
  requireHeld(): void;
}

/**
 * A target that is written only as long as the lease lasts. The lease is looked at right before each call: a process that
 * was stopped for longer than its lease writes nothing when it goes on.
 */
export class FencedTarget implements Target {
  readonly label: string;
  readonly identity: string;
  readonly kind: Target['kind'];
  readonly size: number;
  readonly readBack?: NonNullable<Target['readBack']>;
  readonly #inner: Target;
  readonly #held: Held;
  readonly #flushing: () => void;

  /** @param flushing told before each flush: what was written until now is durable when that has settled */
  constructor(inner: Target, held: Held, flushing: () => void = () => {}) {
    this.label = inner.label;
    this.identity = inner.identity;
    this.kind = inner.kind;
    this.size = inner.size;
    if (inner.readBack !== undefined) this.readBack = inner.readBack;
    this.#inner = inner;
    this.#held = held;
    this.#flushing = flushing;
  }

  get traits(): Target['traits'] {
    return this.#inner.traits;
  }

  async write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.#held.requireHeld();
    await this.#inner.write(offset, bytes, signal);
  }

  async zero(range: Range, how: { readonly mayPunch: boolean }, signal?: AbortSignal): Promise<void> {
    this.#held.requireHeld();
    await this.#inner.zero(range, how, signal);
  }

  async flush(signal?: AbortSignal): Promise<void> {
    this.#held.requireHeld();
    this.#flushing();
    await this.#inner.flush(signal);
  }

  /** What it holds is thrown away at once, where that can be done: otherwise a copy makes zero what has to be. */
  async clear(): Promise<void> {
    this.#held.requireHeld();
    if (this.#inner instanceof FileTarget && !this.traits.startsZeroed) await this.#inner.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner[Symbol.asyncDispose]();
  }
}
