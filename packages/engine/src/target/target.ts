import type { Bytes, Range } from '../base/bytes.ts';

/** The contract of targets: something of a fixed size that can be written. */
export interface TargetTraits {
  /** Offsets and lengths of `write` and `zero` must be multiples of this (the tail of the target is exempt). */
  readonly align: number;
  /** Writes of this size and more are cheapest. */
  readonly preferred: number;
  /** How many writes at once are of use. */
  readonly writers: number;
  /** The whole target read as zeros when it was opened (or emptied since): a hole needs no work. Writes do not change it. */
  readonly startsZeroed: boolean;
  /** `zero` costs about nothing for any length. May turn false when a server refuses: read it anew each time. */
  readonly fastZero: boolean;
}

export interface Target extends AsyncDisposable {
  /** For people, logs and errors. */
  readonly label: string;
  /** Stable over restarts of the process and the machine, other for another disk: what a checkpoint is bound to. */
  readonly identity: string;
  readonly kind: 'file' | 'block' | 'nbd' | 'memory' | 'null';
  readonly size: number;
  readonly traits: TargetTraits;
  /** Writes all of `bytes` or throws. The buffer is the caller's again when the promise settles. */
  write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Makes the range read as zeros; always works. `mayPunch` allows to give the space back. */
  zero(range: Range, how: { readonly mayPunch: boolean }, signal?: AbortSignal): Promise<void>;
  /** When it settles, everything written before it survives a power cut. */
  flush(signal?: AbortSignal): Promise<void>;
  /** Reads what the medium holds, past the page cache where the system allows. Undefined: cannot be read. */
  readonly readBack?: Bytes & { readonly bypassesCache: boolean };
}
