import { endOf, type Bytes, type Range, type Run } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';

/**
 * A part of `whole` as Bytes of its own: a member that is stored as it is. Disposing it leaves `whole` open, which
 * belongs to whoever opened it. The caller has checked that `range` lies within `whole`.
 */
export function slice(whole: Bytes, range: Range): Bytes {
  if (range.offset < 0 || endOf(range) > whole.size) {
    throw new DiskferryError('internal', `slice ${range.offset}+${range.length} leaves ${whole.size} bytes`);
  }
  const part = new Slice(whole, range);
  return whole.runs === undefined ? part : withRuns(part, whole, range.offset);
}

class Slice implements Bytes {
  readonly size: number;
  readonly #whole: Bytes;
  readonly #start: number;

  constructor(whole: Bytes, range: Range) {
    this.size = range.length;
    this.#whole = whole;
    this.#start = range.offset;
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    checkWithin(this.size, offset, into.length);
    await this.#whole.read(this.#start + offset, into, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** The contract's own check: a read that leaves the size is a fault of the caller. */
export function checkWithin(size: number, offset: number, length: number): void {
  if (offset >= 0 && offset + length <= size) return;
  throw new DiskferryError('internal', `read of ${length} bytes at ${offset} leaves ${size} bytes`);
}

function withRuns(part: Bytes, whole: Bytes, start: number): Bytes {
  const runs = async function* (within: Range, signal?: AbortSignal): AsyncGenerator<Run> {
    const shifted = { offset: within.offset + start, length: within.length };
    for await (const run of whole.runs?.(shifted, signal) ?? []) yield { ...run, offset: run.offset - start };
  };
  return Object.assign(part, { runs });
}
