import { setTimeout as sleep } from 'node:timers/promises';
import { type Range, overlap } from '../src/base/bytes.ts';
import { DiskferryError } from '../src/base/errors.ts';
import type { Target } from '../src/target/target.ts';

export type FaultyVerb = 'write' | 'zero' | 'flush' | 'read';

/**
 * What goes wrong, where and how often. `on` defaults to `write`, `at` to every offset, `times` to once.
 * `at` is hit by every call whose range covers it; `after` lets that many calls that would be hit pass unharmed.
 */
export type Fault = {
  readonly on?: FaultyVerb;
  readonly at?: number;
  readonly times?: number;
  readonly after?: number;
} & (
  | { readonly kind: 'error'; readonly errno: 'EIO' | 'ENOSPC' | 'EPIPE' }
  /** Stores the first `keep` bytes of a write, then fails with EIO. */
  | { readonly kind: 'torn'; readonly keep: number }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Acknowledged and not stored. */
  | { readonly kind: 'lost' }
  /** One bit of what is read back, at the byte `at` (or the first one read), is another one. */
  | { readonly kind: 'flip'; readonly bit?: number }
  /** Nothing happens until the signal is given; without a signal it never ends. */
  | { readonly kind: 'hang' }
);

export interface FaultyTarget extends Target {
  /** Every call that reached the target, in order. */
  readonly calls: readonly ({ readonly verb: FaultyVerb } & Range)[];
  /** How often a fault has struck. */
  readonly struck: number;
  /** Calls that have begun and not settled. */
  readonly inFlight: number;
}

/** The target with scripted faults before it. Faults are tried in order; the first that matches strikes. */
export function faultyTarget(inner: Target, faults: readonly Fault[]): FaultyTarget {
  return new Faulty(inner, faults);
}

interface Call extends Range {
  readonly verb: FaultyVerb;
  readonly signal: AbortSignal | undefined;
  /** Does the call, or only the first `length` bytes of it. */
  readonly pass: (length?: number) => Promise<void>;
  /** The bytes that a read has filled. */
  readonly into?: Uint8Array;
}

class Faulty implements FaultyTarget {
  readonly #inner: Target;
  readonly #script: { readonly fault: Fault; spared: number; left: number }[];
  readonly #calls: ({ verb: FaultyVerb } & Range)[] = [];
  readonly readBack: NonNullable<Target['readBack']>;
  #struck = 0;
  #inFlight = 0;

  constructor(inner: Target, faults: readonly Fault[]) {
    this.#inner = inner;
    this.#script = faults.map((fault) => ({ fault, spared: fault.after ?? 0, left: fault.times ?? 1 }));
    const { readBack } = inner;
    this.readBack = {
      size: inner.size,
      get bypassesCache() {
        return readBack?.bypassesCache ?? false;
      },
      read: (offset, into, signal) =>
        this.#do({
          verb: 'read',
          offset,
          length: into.length,
          signal,
          into,
          pass: async () => await readBack?.read(offset, into, signal),
        }),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  get label() {
    return this.#inner.label;
  }
  get identity() {
    return this.#inner.identity;
  }
  get kind() {
    return this.#inner.kind;
  }
  get size() {
    return this.#inner.size;
  }
  get traits() {
    return this.#inner.traits;
  }
  get calls() {
    return this.#calls;
  }
  get struck() {
    return this.#struck;
  }
  get inFlight() {
    return this.#inFlight;
  }

  write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const pass = (length = bytes.length): Promise<void> =>
      this.#inner.write(offset, bytes.subarray(0, length - (length % this.traits.align)), signal);
    return this.#do({ verb: 'write', offset, length: bytes.length, signal, pass: (length) => pass(length) });
  }

  zero(range: Range, how: { readonly mayPunch: boolean }, signal?: AbortSignal): Promise<void> {
    const pass = (length = range.length): Promise<void> =>
      this.#inner.zero({ offset: range.offset, length: length - (length % this.traits.align) }, how, signal);
    return this.#do({ verb: 'zero', ...range, signal, pass: (length) => pass(length ?? range.length) });
  }

  flush(signal?: AbortSignal): Promise<void> {
    return this.#do({ verb: 'flush', offset: 0, length: 0, signal, pass: () => this.#inner.flush(signal) });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#inner[Symbol.asyncDispose]() as Promise<void>;
  }

  async #do(call: Call): Promise<void> {
    this.#calls.push({ verb: call.verb, offset: call.offset, length: call.length });
    this.#inFlight++;
    try {
      const fault = this.#next(call);
      if (fault === undefined) await call.pass();
      else await strike(fault, call, this.label);
    } finally {
      this.#inFlight--;
    }
  }

  #next(call: Call): Fault | undefined {
    for (const entry of this.#script) {
      if (entry.left === 0 || !hits(entry.fault, call)) continue;
      if (entry.spared > 0) {
        entry.spared--;
        continue;
      }
      entry.left--;
      this.#struck++;
      return entry.fault;
    }
    return undefined;
  }
}

function hits(fault: Fault, call: Call): boolean {
  const verb = fault.on ?? (fault.kind === 'flip' ? 'read' : 'write');
  if (verb !== call.verb) return false;
  return fault.at === undefined || verb === 'flush' || overlap(call, { offset: fault.at, length: 1 }) !== undefined;
}

async function strike(fault: Fault, call: Call, label: string): Promise<void> {
  switch (fault.kind) {
    case 'error':
      throw failure(fault.errno, call, label);
    case 'torn':
      await call.pass(Math.min(fault.keep, call.length));
      throw failure('EIO', call, label);
    case 'delay':
      await sleep(fault.ms, undefined, call.signal === undefined ? {} : { signal: call.signal });
      return await call.pass();
    case 'lost':
      return;
    case 'flip':
      await call.pass();
      return flip(call, (fault.at ?? call.offset) - call.offset, fault.bit ?? 0);
    case 'hang':
      return await untilAborted(call.signal);
  }
}

function flip(call: Call, at: number, bit: number): void {
  const byte = call.into?.[at];
  if (call.into !== undefined && byte !== undefined) call.into[at] = byte ^ (1 << bit);
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function failure(errno: 'EIO' | 'ENOSPC' | 'EPIPE', call: Call, label: string): DiskferryError {
  const cause = Object.assign(new Error(`${errno}: scripted`), { code: errno });
  const broken = call.verb === 'read' ? 'target-read' : 'target-write';
  const code = errno === 'ENOSPC' ? 'target-full' : errno === 'EPIPE' ? 'target-unreachable' : broken;
  return new DiskferryError(code, `${label}: ${call.verb} at ${call.offset} failed with ${errno}`, {
    cause,
    offset: call.offset,
  });
}
