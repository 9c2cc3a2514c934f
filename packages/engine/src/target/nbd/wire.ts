import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { DiskferryError } from '../../base/errors.ts';
import type { NbdAddress } from './nbd-address.ts';
import { connectionLost } from './nbd-errors.ts';

const GOODBYE_MS = 1000;

/** A socket as a protocol wants it: exact reads that wait for what is missing, and sends that are never copied. */
export class Wire {
  readonly label: string;
  readonly #socket: Socket;
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, label: string) {
    this.#socket = socket;
    this.label = label;
    // Errors arrive through the iterator; without a listener the process would end on the ones that come after it.
    socket.on('error', () => {});
    this.#chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Calls `react` when nothing was sent or received for `ms`. */
  onSilence(ms: number, react: () => void): void {
    this.#socket.setTimeout(ms, react);
  }

  /** Sends the parts one after another. They must not change until the peer has answered or `close` has settled. */
  send(...parts: readonly Uint8Array[]): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return; // the reading side reports why
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    this.#socket.uncork();
  }

  /** Fills `into` or throws `target-unreachable`. One call at a time. */
  async fill(into: Uint8Array): Promise<void> {
    await this.pass(into.length, (bytes, at) => into.set(bytes, at));
  }

  /** The next `length` bytes; the caller has bounded it. */
  async take(length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    await this.fill(bytes);
    return bytes;
  }

  async skip(length: number): Promise<void> {
    await this.pass(length, () => {});
  }

  /** Shows the next `length` bytes as they come, each piece with its place; the pieces are not the receiver's to keep. */
  async pass(length: number, receive: (bytes: Uint8Array, at: number) => void): Promise<void> {
    for (let at = 0; at < length;) {
      if (this.#chunk.length === 0) this.#chunk = await this.#next();
      const piece = this.#chunk.subarray(0, length - at);
      receive(piece, at);
      this.#chunk = this.#chunk.subarray(piece.length);
      at += piece.length;
    }
  }

  /** Waits, but not for long, until everything that was sent has left. */
  async finish(): Promise<void> {
    if (this.#socket.destroyed) return;
    const late = AbortSignal.timeout(GOODBYE_MS);
    await once(this.#socket.end(), 'finish', { signal: late }).catch(() => {});
  }

  /** Drops the connection; when it settles, the system holds none of the buffers that were sent. */
  async close(): Promise<void> {
    if (this.#socket.closed) return;
    const closed = once(this.#socket, 'close').catch(() => {});
    this.#socket.destroy();
    await closed;
  }

  async #next(): Promise<Buffer> {
    try {
      const step = await this.#chunks.next();
      if (step.done !== true) return step.value;
    } catch (error) {
      throw connectionLost(this.label, 'the connection broke', error);
    }
    throw connectionLost(this.label, 'the server closed the connection');
  }
}

/** @throws DiskferryError `target-unreachable`, `target-not-found` (no such socket); the reason of the signal */
export async function openWire(address: NbdAddress, signal: AbortSignal): Promise<Wire> {
  signal.throwIfAborted();
  const socket = connect(
    address.kind === 'tcp'
      ? { host: address.host, port: address.port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }
      : { path: address.socket },
  );
  const abandon = (): void => void socket.destroy();
  signal.addEventListener('abort', abandon);
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.on('error', () => {}).destroy();
    signal.throwIfAborted();
    throw connectFailure(address, error);
  } finally {
    signal.removeEventListener('abort', abandon);
  }
  return new Wire(socket, address.label);
}

function connectFailure(address: NbdAddress, error: unknown): DiskferryError {
  const why = error instanceof Error ? error.message : String(error);
  const isMissing = address.kind === 'unix' && (error as { code?: string }).code === 'ENOENT';
  if (isMissing) return new DiskferryError('target-not-found', `no socket at ${address.socket}`, { cause: error });
  return connectionLost(address.label, `cannot connect: ${why}`, error);
}
