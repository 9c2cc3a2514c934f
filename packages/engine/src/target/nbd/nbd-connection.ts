import { Coverage } from './coverage.ts';
import type { Export } from './export.ts';
import { shakeHands } from './handshake.ts';
import type { NbdAddress } from './nbd-address.ts';
import { connectionLost, ServerRefusal } from './nbd-errors.ts';
import { type Ask, type Pending, type Status, changesDisk } from './pending.ts';
import { COMMAND, MAGIC } from './protocol.ts';
import { receiveReplies } from './replies.ts';
import { Slots } from '../../base/slots.ts';
import { openWire, type Wire } from './wire.ts';

/** Requests that one connection carries at once: enough to hide a round trip, few enough for any server. */
const REQUESTS_AT_ONCE = 16;
const HANDSHAKE_MS = 30_000;
/** A server may be slow, but one that neither takes nor gives a byte for so long is gone. */
const SILENCE_MS = 5 * 60_000;
/** How long an aborted write may still be answered before its connection is dropped. */
const ABORT_GRACE_MS = 500;

export interface Patience {
  readonly handshakeMs?: number;
  readonly silenceMs?: number;
}

/**
 * One connection to an export, with several requests on their way. It fails as a whole: after a lost connection or a
 * broken protocol every request ends with the same error, and no new one is taken.
 */
export class NbdConnection {
  readonly export: Export;
  readonly #wire: Wire;
  readonly #pending = new Map<bigint, Pending>();
  readonly #slots = new Slots(REQUESTS_AT_ONCE);
  readonly #ended: Promise<void>;
  #failure: Error | undefined;
  #failing: Promise<void> | undefined;
  #lastCookie = 0n;

  private constructor(wire: Wire, found: Export, silenceMs: number) {
    this.#wire = wire;
    this.export = found;
    wire.onSilence(silenceMs, () => {
      if (this.#pending.size === 0) return;
      void this.#fail(connectionLost(wire.label, `the server was silent for ${silenceMs / 1000} s`));
    });
    const { structuredReplies, allocationContext } = found;
    this.#ended = receiveReplies({ wire, pending: this.#pending, structuredReplies, allocationContext }).catch(
      (error: Error) => this.#fail(error),
    );
  }

  static async open(address: NbdAddress, patience: Patience = {}, signal?: AbortSignal): Promise<NbdConnection> {
    const late = AbortSignal.timeout(patience.handshakeMs ?? HANDSHAKE_MS);
    const both = signal === undefined ? late : AbortSignal.any([signal, late]);
    let wire: Wire | undefined;
    const drop = (): void => void wire?.close();
    try {
      wire = await openWire(address, both);
      both.addEventListener('abort', drop);
      const found = await shakeHands(wire, address.exportName);
      return new NbdConnection(wire, found, patience.silenceMs ?? SILENCE_MS);
    } catch (error) {
      await wire?.close();
      signal?.throwIfAborted();
      if (late.aborted) throw connectionLost(address.label, 'the server does not complete the handshake', error);
      throw error;
    } finally {
      both.removeEventListener('abort', drop);
    }
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  get load(): number {
    return this.#pending.size;
  }

  /**
   * Sends one request and waits for its answer. Aborted: a request that changes the disk ends only when the server has
   * answered or the connection is gone; any other ends at once, and its answer is thrown away.
   * @throws ServerRefusal where the server says no; DiskferryError `target-unreachable`
   */
  async request(ask: Ask, into?: Uint8Array, signal?: AbortSignal): Promise<Status | undefined> {
    await this.#slots.acquire(signal);
    if (this.#failure !== undefined) throw this.#failure;
    if (signal?.aborted === true) {
      this.#slots.release(); // given between two turns of the event loop, with the place in line
      throw signal.reason;
    }
    const { pending, answered } = this.#send(ask, into);
    const abort = this.#onAbort(pending, signal);
    signal?.addEventListener('abort', abort.react);
    try {
      await Promise.race([answered, abort.left]);
      return pending.status;
    } finally {
      signal?.removeEventListener('abort', abort.react);
      abort.clear();
    }
  }

  /** Says goodbye; what was asked has been answered, or is dropped. */
  async close(): Promise<void> {
    if (this.#failure === undefined) {
      this.#wire.send(requestHead({ command: COMMAND.disconnect, offset: 0, length: 0 }, 0n));
      await this.#wire.finish();
    }
    await this.#fail(connectionLost(this.#wire.label, 'the connection was closed'));
    await this.#ended;
  }

  #send(ask: Ask, into?: Uint8Array): { pending: Pending; answered: Promise<void> } {
    const cookie = ++this.#lastCookie;
    const { promise: answered, resolve, reject } = Promise.withResolvers<void>();
    answered.catch(() => {}); // may come after the one who asked has left
    const pending: Pending = {
      ask,
      into,
      coverage: new Coverage(ask.command === COMMAND.read ? ask.length : 0),
      chunks: 0,
      status: undefined,
      errno: 0,
      settle: ({ errno, failure }) => {
        this.#slots.release();
        if (failure !== undefined) reject(failure);
        else if (errno !== 0) reject(new ServerRefusal(errno));
        else resolve();
      },
    };
    this.#pending.set(cookie, pending);
    this.#wire.send(requestHead(ask, cookie), ...(ask.payload === undefined ? [] : [ask.payload]));
    return { pending, answered };
  }

  #onAbort(pending: Pending, signal?: AbortSignal) {
    const { promise: left, reject } = Promise.withResolvers<never>();
    left.catch(() => {});
    let grace: NodeJS.Timeout | undefined;
    const react = (): void => {
      if (changesDisk(pending.ask)) {
        const why = 'the connection was dropped to end an aborted write';
        grace ??= setTimeout(() => void this.#fail(connectionLost(this.#wire.label, why)), ABORT_GRACE_MS);
        return;
      }
      pending.into = undefined;
      reject(signal?.reason);
    };
    return { left, react, clear: () => clearTimeout(grace) };
  }

  #fail(failure: Error): Promise<void> {
    this.#failing ??= this.#dropAll((this.#failure = failure));
    return this.#failing;
  }

  async #dropAll(failure: Error): Promise<void> {
    this.#slots.close(failure);
    // Only a closed socket has let go of the buffers that were being sent.
    await this.#wire.close();
    for (const pending of this.#pending.values()) pending.settle({ errno: 0, failure });
    this.#pending.clear();
  }
}

function requestHead(ask: Ask, cookie: bigint): Uint8Array {
  const head = Buffer.alloc(28);
  head.writeUInt32BE(MAGIC.request, 0);
  head.writeUInt16BE(ask.flags ?? 0, 4);
  head.writeUInt16BE(ask.command, 6);
  head.writeBigUInt64BE(cookie, 8);
  head.writeBigUInt64BE(BigInt(ask.offset), 16);
  head.writeUInt32BE(ask.length, 24);
  return head;
}
