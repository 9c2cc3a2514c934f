import type { Lease } from '../lease/lease.ts';

/** Recorded at most so often, unless a hundredth of the disk has come since. */
const EVERY_MS = 2000;
const SHARE = 0.01;

/**
 * Says in the log how much of an image is durable, behind the copy and never in its way. What is said is what was landed
 * when the target began to flush, once the checkpoint knows of that flush.
 */
export class DurableProgress {
  readonly #lease: Lease;
  readonly #image: number;
  readonly #landed: () => number;
  #flushing = 0;
  #saidAt = performance.now();
  #saying: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(lease: Lease, image: number, landed: () => number) {
    this.#lease = lease;
    this.#image = image;
    this.#landed = landed;
  }

  flushing(): void {
    this.#flushing = this.#landed();
  }

  committed(): void {
    const content = this.#lease.migration.images[this.#image]?.content;
    if (this.#busy || content?.kind !== 'partly') return;
    const bytes = Math.min(this.#flushing, content.of);
    const gained = bytes - content.bytes;
    const due = performance.now() - this.#saidAt >= EVERY_MS || gained >= content.of * SHARE;
    if (gained <= 0 || !due) return;
    this.#saidAt = performance.now();
    this.#busy = true;
    this.#saying = this.#say(bytes);
  }

  /** Nothing is being said any more. */
  settled(): Promise<void> {
    return this.#saying;
  }

  /** What stands in the way of an event ends the copy by the lease, or meets the next event. */
  async #say(bytes: number): Promise<void> {
    try {
      await this.#lease.append({ kind: 'progressed', image: this.#image, bytes });
    } catch {
      // See above.
    } finally {
      this.#busy = false;
    }
  }
}
