import { MiB } from '../../base/align.ts';
import type { Bytes } from '../../base/bytes.ts';

/** Buffers that are used again: a walk over a large disk would otherwise leave hundreds of MiB to the collector. */
export class Scratch {
  readonly #free: Uint8Array[] = [];

  take(length: number): Uint8Array {
    const free = this.#free.pop();
    return free && free.length >= length ? free : new Uint8Array(Math.max(length, length > SMALL ? 2 * MiB : 0));
  }

  giveBack(buffer: Uint8Array): void {
    if (buffer.length > SMALL && this.#free.length < KEPT) this.#free.push(buffer);
  }
}

const SMALL = 64 * 1024;
const KEPT = 2;

/** Fills `into`, and leaves out what the file knows to be holes. */
export async function readData(file: Bytes, offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
  if (!file.runs) return file.read(offset, into, signal);
  into.fill(0);
  for await (const run of file.runs({ offset, length: into.length }, signal)) {
    if (run.kind !== 'data') continue;
    const begin = run.offset - offset;
    await file.read(run.offset, into.subarray(begin, begin + run.length), signal);
  }
}
