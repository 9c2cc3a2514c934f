import type { OnReadOpts, Socket } from 'node:net';
import { DiskferryError } from '../../../base/errors.ts';
import { connectionError } from '../connection-error.ts';
import { DirectInbox, GatheringInbox, type Inbox } from './inbox.ts';

/** Begins a connection to the origin of a link. The socket reads into the buffer it is given. */
export type Dial = (url: URL, onread: OnReadOpts) => Socket;

/**
 * A socket that is read on demand: it is paused whenever nobody asks, so TCP slows the server, and its bytes are views
 * of a buffer that is used again. Whoever holds a connection has it alone.
 */
export class Connection {
  /** Of `http:` or `https:`: connections to the same one may take each other's place. */
  readonly origin: string;
  /** It stands, and the server is who it should be. */
  readonly opened: Promise<void>;
  /** Nothing is left of it. */
  readonly closed: Promise<void>;
  /** It has served a request before this one. */
  isReused = false;
  readonly #socket: Socket;
  readonly #inbox: Inbox;
  #putBack: Uint8Array | undefined;
  #failure: { readonly error: unknown } | undefined;
  #hasEnded = false;
  #isResting = false;
  #hasAnswered = false;
  #isGivenUp = false;
  #wake: (() => void) | undefined;

  constructor(url: URL, dial: Dial) {
    this.origin = url.origin;
    const isSecure = url.protocol === 'https:';
    this.#inbox = isSecure ? new GatheringInbox() : new DirectInbox();
    const socket = dial(url, { buffer: this.#inbox.buffer, callback: (length) => this.#receive(length) });
    this.#socket = socket;
    const opened = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    socket.once(isSecure ? 'secureConnect' : 'connect', () => opened.resolve());
    socket.on('error', (error) => this.#break(connectionError(error, url.host)));
    socket.once('end', () => this.#end());
    socket.once('close', () => {
      this.#end();
      opened.reject(this.#failure?.error ?? closedEarly(url.host));
      closed.resolve();
    });
    this.opened = opened.promise;
    this.closed = closed.promise;
    this.opened.catch(() => undefined);
  }

  /** Nothing is at hand, nothing is wrong: it can serve a request. */
  get isUsable(): boolean {
    return this.#failure === undefined && !this.#hasEnded && this.#putBack === undefined;
  }

  /** A server may close a connection at rest at any moment, also just when it is used again. */
  get wentStale(): boolean {
    return this.isReused && !this.#hasAnswered && !this.#isGivenUp && (this.#hasEnded || this.#failure !== undefined);
  }

  /** An answer that is complete counts for nothing when it was given up before anybody knew. */
  throwIfGivenUp(): void {
    if (this.#isGivenUp) throw this.#failure?.error;
  }

  send(bytes: Uint8Array): void {
    this.#hasAnswered = false;
    this.#socket.write(bytes);
  }

  /** Waits for the next bytes; undefined at the end. They are valid until it is called again. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const bytes = this.#putBack ?? this.#inbox.take();
      this.#putBack = undefined;
      if (bytes !== undefined) return bytes;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#hasEnded) return undefined;
      const arrival = Promise.withResolvers<void>();
      this.#wake = arrival.resolve;
      this.#socket.resume();
      await arrival.promise;
    }
  }

  /** `next` gives these first: the rest of what it gave just before. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#putBack = bytes;
  }

  /** Ends it at once. Whoever waits for it meets `error`. */
  fail(error: unknown): void {
    if (this.#failure === undefined) this.#isGivenUp = true;
    // What came before a broken connection is good and stays; after this nobody wants it.
    this.#putBack = undefined;
    while (this.#inbox.take() !== undefined);
    this.#break(error);
    this.#socket.destroy();
  }

  /** Nobody uses it for now: it does not keep the process alive, and it closes as soon as the server says anything. */
  rest(): void {
    this.#isResting = true;
    if (this.#inbox.take() !== undefined) this.fail(unasked());
    this.#socket.unref();
    this.#socket.resume();
  }

  resume(): void {
    this.#isResting = false;
    this.isReused = true;
    this.#socket.ref();
  }

  /** False pauses the socket. */
  #receive(length: number): boolean {
    this.#hasAnswered = true;
    if (this.#isResting) this.fail(unasked());
    else if (!this.#inbox.put(length)) this.fail(new DiskferryError('internal', 'a paused socket went on reading'));
    this.#wakeUp();
    return false;
  }

  #end(): void {
    this.#hasEnded = true;
    this.#wakeUp();
  }

  #break(error: unknown): void {
    this.#failure ??= { error };
    this.#wakeUp();
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function closedEarly(host: string): DiskferryError {
  return new DiskferryError('source-unreachable', `${host} closed the connection at once`);
}

function unasked(): DiskferryError {
  return new DiskferryError('source-answer', 'the server speaks without being asked');
}
