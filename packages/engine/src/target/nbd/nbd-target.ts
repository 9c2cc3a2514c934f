import { MiB, alignDown, alignUp } from '../../base/align.ts';
import { type Range, endOf } from '../../base/bytes.ts';
import { forEachBounded } from '../../base/settle.ts';
import { Flusher } from '../flusher.ts';
import { InFlight } from '../in-flight.ts';
import { assertInside, assertWritable } from '../range-check.ts';
import type { Target, TargetTraits } from '../target.ts';
import { exportHas } from './export.ts';
import type { NbdAddress } from './nbd-address.ts';
import type { NbdConnection } from './nbd-connection.ts';
import { asTargetError, connectionLost } from './nbd-errors.ts';
import { ZeroLadder } from './nbd-zero.ts';
import { COMMAND, COMMAND_FLAG } from './protocol.ts';
import type { Ask } from './pending.ts';

/** A write is cut into requests of this size or the server's maximum: larger ones gain nothing and hold up the rest. */
const REQUEST_BYTES = 4 * MiB;
const REQUESTS_OF_ONE_WRITE = 4;

/** An export of an NBD server. Lost connections are not mended here: the next run goes on from the checkpoint. */
export class NbdTarget implements Target {
  readonly kind = 'nbd';
  readonly label: string;
  readonly identity: string;
  readonly size: number;
  readonly readBack: NonNullable<Target['readBack']>;
  readonly #traits: Omit<TargetTraits, 'fastZero'>;
  readonly #connections: readonly [NbdConnection, ...NbdConnection[]];
  readonly #ladder: ZeroLadder;
  readonly #requestBytes: number;
  readonly #flusher = new Flusher(() => this.#send({ command: COMMAND.flush, offset: 0, length: 0 }));
  readonly #inFlight: InFlight;

  /** `connections` lead to the same export, and more than one only where the server says that they see one disk. */
  constructor(address: NbdAddress, connections: readonly [NbdConnection, ...NbdConnection[]], startsZeroed: boolean) {
    const found = connections[0].export;
    const { minimum, preferred, maximum } = found.blockSize ?? { minimum: 512, preferred: 4096, maximum: 32 * MiB };
    this.label = address.label;
    this.size = found.blockSize === undefined ? found.size : alignDown(found.size, minimum);
    this.identity = `${address.label}:${this.size}`;
    this.#connections = connections;
    this.#requestBytes = Math.max(minimum, alignDown(Math.min(maximum, REQUEST_BYTES), minimum));
    this.#ladder = new ZeroLadder(found);
    this.#inFlight = new InFlight(this.label);
    const writers = 4 * connections.length;
    this.#traits = { align: minimum, preferred: Math.max(preferred, MiB), writers, startsZeroed };
    this.readBack = {
      size: this.size,
      bypassesCache: false, // what the server reads it from is its own business
      read: (offset, into, signal) => this.#inFlight.run(() => this.#read(offset, into, signal), signal),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  get traits(): TargetTraits {
    return { ...this.#traits, fastZero: this.#ladder.isFast };
  }

  write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => {
      assertWritable(this, { offset, length: bytes.length }, this.#traits.align);
      await this.#attempt('write', offset, signal, () => this.#write(offset, bytes, signal));
    }, signal);
  }

  zero(range: Range, how: { readonly mayPunch: boolean }, signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => {
      assertWritable(this, range, this.#traits.align);
      const ground = {
        send: (ask: Ask, signal?: AbortSignal) => this.#send(ask, undefined, signal),
        write: (offset: number, bytes: Uint8Array, signal?: AbortSignal) => this.#write(offset, bytes, signal),
      };
      const zero = { ...range, mayPunch: how.mayPunch };
      await this.#attempt('zero', range.offset, signal, () => this.#ladder.zero(zero, ground, signal));
    }, signal);
  }

  flush(signal?: AbortSignal): Promise<void> {
    return this.#inFlight.run(async () => {
      if (this.#forcesUnitAccess) return; // nothing was acknowledged that is not on the medium
      await this.#attempt('flush', 0, signal, () => untilAborted(this.#flusher.flush(), signal));
    }, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inFlight.close();
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  /** Where the server cannot flush, every write carries FUA. */
  get #forcesUnitAccess(): boolean {
    return !exportHas(this.#connections[0].export, 'sendFlush');
  }

  async #write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const parts = partsOf({ offset, length: bytes.length }, this.#requestBytes);
    await forEachBounded(parts, REQUESTS_OF_ONE_WRITE, async (part) => {
      const payload = bytes.subarray(part.offset - offset, endOf(part) - offset);
      await this.#send({ command: COMMAND.write, ...part, payload }, undefined, signal);
    });
  }

  async #read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const wanted = { offset, length: into.length };
    assertInside(this, wanted);
    const { align } = this.#traits;
    const start = alignDown(offset, align);
    const end = Math.min(alignUp(endOf(wanted), align), this.size);
    const isAligned = start === offset && end === endOf(wanted);
    const aligned = isAligned ? into : new Uint8Array(end - start);
    await this.#attempt('read', offset, signal, () =>
      forEachBounded(partsOf({ offset: start, length: end - start }, this.#requestBytes), 4, async (part) => {
        const piece = aligned.subarray(part.offset - start, endOf(part) - start);
        await this.#send({ command: COMMAND.read, ...part }, piece, signal);
      }),
    );
    if (!isAligned) into.set(aligned.subarray(offset - start, offset - start + into.length));
  }

  async #send(ask: Ask, into?: Uint8Array, signal?: AbortSignal): Promise<void> {
    const isWrite = ask.command === COMMAND.write || ask.command === COMMAND.writeZeroes;
    const fua = isWrite && this.#forcesUnitAccess ? COMMAND_FLAG.fua : 0;
    await this.#leastLoaded().request({ ...ask, flags: (ask.flags ?? 0) | fua }, into, signal);
  }

  /** One broken connection ends them all: what it had acknowledged is only as safe as the server that it lost. */
  #leastLoaded(): NbdConnection {
    for (const { failure } of this.#connections) {
      if (failure !== undefined) throw connectionLost(this.label, failure.message, failure);
    }
    return this.#connections.reduce((best, next) => (next.load < best.load ? next : best));
  }

  async #attempt(
    verb: 'write' | 'zero' | 'flush' | 'read',
    offset: number,
    signal: AbortSignal | undefined,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw asTargetError(error, { label: this.label, verb, offset });
    }
  }
}

/** A flush changes nothing: who is aborted may leave it behind, and the others still share it. */
async function untilAborted(work: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return await work;
  const { promise: left, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(signal.reason);
  signal.addEventListener('abort', leave);
  try {
    await Promise.race([work, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function* partsOf(range: Range, limit: number): Iterable<Range> {
  for (let offset = range.offset; offset < endOf(range); offset += limit) {
    yield { offset, length: Math.min(limit, endOf(range) - offset) };
  }
}
