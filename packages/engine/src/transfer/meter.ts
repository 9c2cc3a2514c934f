/** What a copy is doing, in bytes. Written by the engine, read by whoever shows it; plain numbers, never events. */
export type Stage = 'opening' | 'copying' | 'zeroing' | 'verifying' | 'hashing' | 'done';

/** What a copy can wait for. */
export type Wait = 'source' | 'bandwidth' | 'decode' | 'write' | 'verify';

export class Meter {
  stage: Stage = 'opening';
  /** The image goes by once: what is read of the object tells how far it is. */
  onePass = false;
  /** Bytes that came from the source, packed as they lie there. */
  bytesRead = 0;
  /** Size of the object or file at the source, where it is known. */
  sourceSize: number | undefined;
  /** Bytes of the disk that are done: written, zero or known from an earlier run. Counts what is written, not asked for. */
  landed = 0;
  /** Bytes of the disk that have to be read in all, once the map is known (a copy by ranges only). */
  dataSize: number | undefined;
  /** Bytes of data of the disk that were copied: against `dataSize`. */
  dataLanded = 0;
  /** Bytes of the disk that came out of the source and its packages, before they are written. */
  decoded = 0;
  bytesWritten = 0;
  bytesZeroed = 0;
  /** Written by this run, flushed and recorded. */
  committed = 0;
  /** Read back from the target and compared. */
  verified = 0;
  /** Bytes of the disk that an earlier run had done. */
  resumedBytes = 0;
  /** Size of the disk, where it is known. */
  virtualSize: number | undefined;
  /**
   * Milliseconds that segments have waited, added up over all that are under way at once: against each other they name
   * what holds the copy up. `source` includes `bandwidth`, which only who owns the limit can count.
   */
  readonly waited: Record<Wait, number> = { source: 0, bandwidth: 0, decode: 0, write: 0, verify: 0 };
  /** Milliseconds that readers of the source's streams have waited: counted by `withTiming`. */
  streamWaited = 0;

  /** Counts how long `work` takes. */
  async waiting<Result>(what: Wait, work: Promise<Result>): Promise<Result> {
    const begun = performance.now();
    try {
      return await work;
    } finally {
      this.waited[what] += performance.now() - begun;
    }
  }
}
