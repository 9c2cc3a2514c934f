/** A run of bytes: `offset` and `length` in bytes, both exact integers below 2^53. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** What a run holds: stored bytes, zeros that are written down, or nothing at all (reads as zeros). */
export type RunKind = 'data' | 'zero' | 'hole';

export type Run = Range & { readonly kind: RunKind };

/**
 * Something of a known size that can be read at any offset: a file, an object read by ranges, a member of an archive,
 * a virtual disk.
 */
export interface Bytes extends AsyncDisposable {
  /** In bytes. Fixed for the life of the object. */
  readonly size: number;

  /**
   * Fills `into` from `offset` or throws: there is no short read. A range that leaves `size` is the caller's error
   * (`internal`): callers check what they take from untrusted headers first. May be called concurrently.
   */
  read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void>;

  /**
   * Which runs of `within` hold data, where that is known without reading (a sparse file, a sparse tar member).
   * Ascending, gapless, clipped to `within`.
   */
  runs?(within: Range, signal?: AbortSignal): AsyncIterable<Run>;
}

/** Bytes that come one after another. A chunk is valid until the next one is asked for. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** One past the last byte. */
export function endOf(range: Range): number {
  return range.offset + range.length;
}

/** The common part of two ranges, or undefined where they do not meet. */
export function overlap(a: Range, b: Range): Range | undefined {
  const offset = Math.max(a.offset, b.offset);
  const length = Math.min(endOf(a), endOf(b)) - offset;
  return length > 0 ? { offset, length } : undefined;
}

/** Reads `length` bytes into a new buffer. The caller has bounded `length`. */
export async function readBytes(from: Bytes, range: Range, signal?: AbortSignal): Promise<Uint8Array> {
  const into = new Uint8Array(range.length);
  await from.read(range.offset, into, signal);
  return into;
}
