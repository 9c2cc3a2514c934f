import { MiB } from '../../base/align.ts';
import type { Bytes, ByteStream, Range, Run } from '../../base/bytes.ts';
import { inSequence } from '../sequence.ts';
import { checkWithin, slice } from '../slice.ts';
import { runsOf, type SparseMap } from './sparse-map.ts';

/** All holes of all members are read from here; nobody writes into a chunk of a stream. */
const ZEROS = new Uint8Array(1 * MiB);

/** A sparse member read by range: pieces from the archive, zeros between them. */
export class SparseBytes implements Bytes {
  readonly size: number;
  readonly #file: Bytes;
  readonly #storedAt: number;
  readonly #map: SparseMap;

  constructor(file: Bytes, storedAt: number, map: SparseMap) {
    this.size = map.size;
    this.#file = file;
    this.#storedAt = storedAt;
    this.#map = map;
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    checkWithin(this.size, offset, into.length);
    for (const run of runsOf(this.#map, { offset, length: into.length })) {
      const part = into.subarray(run.offset - offset, run.offset - offset + run.length);
      if (run.kind === 'hole') part.fill(0);
      else await this.#file.read(this.#storedAt + run.stored, part, signal);
    }
  }

  async *runs(within: Range, signal?: AbortSignal): AsyncGenerator<Run> {
    for (const { kind, offset, length } of runsOf(this.#map, within)) {
      signal?.throwIfAborted();
      yield { kind, offset, length };
    }
  }

  /** From start to end, without reading the holes. */
  stream(signal?: AbortSignal): ByteStream {
    return expanded(this.#map, (run) => {
      const range = { offset: this.#storedAt + run.stored, length: run.length };
      return inSequence(slice(this.#file, range), signal);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** The member from start to end; `stored` gives the bytes of one piece, pieces in ascending order. */
export async function* expanded(
  map: SparseMap,
  stored: (run: Run & { readonly stored: number }) => ByteStream,
): ByteStream {
  for (const run of runsOf(map, { offset: 0, length: map.size })) {
    if (run.kind === 'hole') yield* zeros(run.length);
    else yield* stored(run);
  }
}

function* zeros(length: number): Generator<Uint8Array> {
  for (let left = length; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}
