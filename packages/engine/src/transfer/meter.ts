/** What a copy is doing, in bytes. Written by the engine, read by whoever shows it; plain numbers, never events. */
export type Stage = 'opening' | 'copying' | 'zeroing' | 'verifying' | 'hashing' | 'done';

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
}
