import type { Bytes } from '../../base/bytes.ts';
import { damaged, overLimit } from '../fault.ts';

/** A run of a file: blocks that lie one behind the other. What no run covers reads as zeros. */
export interface FileRun {
  /** All in bytes: in the file, and where it is stored. */
  readonly offset: number;
  readonly length: number;
  readonly stored: number;
}

/** A file in more pieces than this is not looked at. */
export const RUN_LIMIT = 100_000;

/** Fills `into` from the runs of a file, which ascend. */
export async function readRuns(part: Bytes, runs: readonly FileRun[], offset: number, into: Uint8Array): Promise<void> {
  into.fill(0);
  const end = offset + into.length;
  for (const run of joined(runs)) {
    const from = Math.max(offset, run.offset);
    const to = Math.min(end, run.offset + run.length);
    if (from >= to) continue;
    const stored = run.stored + (from - run.offset);
    if (stored + (to - from) > part.size) throw damaged(`a file lies at ${stored}, behind the end (${part.size})`);
    await part.read(stored, into.subarray(from - offset, to - offset));
  }
}

/** Neighbours that are stored as neighbours are read in one go. */
function* joined(runs: readonly FileRun[]): Generator<FileRun> {
  let open: FileRun | undefined;
  for (const run of runs) {
    if (open && open.offset + open.length === run.offset && open.stored + open.length === run.stored) {
      open = { ...open, length: open.length + run.length };
      continue;
    }
    if (open) yield open;
    open = run;
  }
  if (open) yield open;
}

/** Gathers runs; refuses to hold more than anyone needs. */
export class RunList {
  readonly runs: FileRun[] = [];

  add(run: FileRun): void {
    if (this.runs.length >= RUN_LIMIT) throw overLimit(`a file of more than ${RUN_LIMIT} pieces`);
    this.runs.push(run);
  }
}
