import type { Checkpoint, CheckpointRecord, CheckpointStart } from '../src/transfer/checkpoint.ts';

/** A checkpoint in memory that outlives the copies made with it. */
export class MemoryCheckpoint implements Checkpoint {
  readonly kept: CheckpointRecord[] = [];
  readonly start: CheckpointStart;

  constructor(start: CheckpointStart) {
    this.start = start;
  }

  get resumed(): boolean {
    return this.kept.length > 0;
  }

  async *records(): AsyncIterable<CheckpointRecord> {
    yield* this.kept;
  }

  async commit(record: CheckpointRecord): Promise<void> {
    this.kept.push(structuredClone(record));
  }
}
