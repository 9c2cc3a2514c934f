import type { Checkpoint } from '@diskferry/engine';
import type { Held } from './fenced-target.ts';

type CheckpointRecord = Parameters<Checkpoint['commit']>[0];

/** A checkpoint that is written only as long as the lease lasts. */
export class FencedCheckpoint implements Checkpoint {
  readonly start: Checkpoint['start'];
  readonly resumed: boolean;
  readonly #inner: Checkpoint;
  readonly #held: Held;
  readonly #committed: () => void;

  constructor(inner: Checkpoint, held: Held, committed: () => void = () => {}) {
    this.start = inner.start;
    this.resumed = inner.resumed;
    this.#inner = inner;
    this.#held = held;
    this.#committed = committed;
  }

  records(): AsyncIterable<CheckpointRecord> {
    return this.#inner.records();
  }

  async commit(record: CheckpointRecord): Promise<void> {
    this.#held.requireHeld();
    await this.#inner.commit(record);
    this.#committed();
  }
}
