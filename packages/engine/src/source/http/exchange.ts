import { performance } from 'node:perf_hooks';
import type { Agent, Dispatcher } from 'undici';
import { DiskferryError } from '../../base/errors.ts';
import { connectionError } from './connection-error.ts';
import type { Timeouts } from './timeouts.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface Request {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Received and not yet taken. More than this and the socket is paused: TCP then slows the server. */
const QUEUE_LIMIT = 1024 * 1024;

/**
 * One GET and its answer: `head` first, then the body as an async iterator over the very buffers the socket gave.
 * Whoever holds an exchange reads it to the end or calls `cancel`.
 */
export class Exchange implements AsyncIterator<Uint8Array> {
  readonly url: URL;
  status = 0;
  headers: Headers = {};
  readonly #timeouts: Timeouts;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#fail(this.#signal?.reason, true);
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  // The watch over the waiting: since when somebody waits, and what came in this window of waiting.
  #since: number | undefined;
  #waited = 0;
  #received = 0;

  private constructor(url: URL, timeouts: Timeouts, signal: AbortSignal | undefined) {
    this.url = url;
    this.#timeouts = timeouts;
    this.#signal = signal;
  }

  /** Sends the request and settles when the head of the answer is there. */
  static async begin(agent: Agent, request: Request, timeouts: Timeouts, signal?: AbortSignal): Promise<Exchange> {
    signal?.throwIfAborted();
    const exchange = new Exchange(request.url, timeouts, signal);
    signal?.addEventListener('abort', exchange.#onAbort, { once: true });
    try {
      agent.dispatch(
        {
          origin: request.url.origin,
          path: request.url.pathname + request.url.search,
          method: 'GET',
          headers: request.headers,
        },
        exchange.#handler(),
      );
      while (exchange.status === 0 && exchange.#failure === undefined) await exchange.#wait();
      if (exchange.#failure !== undefined) throw exchange.#failure.error;
      exchange.#startTicking(exchange.#overdueBody);
      return exchange;
    } catch (error) {
      exchange.#finish();
      throw error;
    }
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    if (!Array.isArray(value)) return value;
    throw new DiskferryError('source-answer', `${this.url.host} sends the header ${name} ${value.length} times`);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#queued -= chunk.length;
        if (this.#queued < QUEUE_LIMIT / 2 && this.#controller?.paused) this.#controller.resume();
        return { done: false, value: chunk };
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#ended) return { done: true, value: undefined };
      await this.#wait();
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.cancel();
    return { done: true, value: undefined };
  }

  /** Gives up the rest of the answer and its connection. */
  cancel(): void {
    if (!this.#ended && this.#failure === undefined) this.#fail(new Error('cancelled'), true);
    this.#queue = [];
    this.#finish();
  }

  #handler(): Dispatcher.DispatchHandler {
    return {
      onRequestStart: (controller) => {
        this.#controller = controller;
        if (this.#failure === undefined) this.#startTicking(this.#overdueHead);
        else controller.abort(asError(this.#failure.error));
      },
      onResponseStart: (_controller, status, headers) => {
        // Informational answers may come in any number; they do not stop the clock of the head.
        if (status < 200) return;
        this.status = status;
        this.headers = headers;
        this.#wakeUp();
      },
      onResponseData: (controller, chunk) => {
        this.#queue.push(chunk);
        this.#queued += chunk.length;
        this.#received += chunk.length;
        if (this.#queued >= QUEUE_LIMIT) controller.pause();
        this.#wakeUp();
      },
      onResponseEnd: () => {
        this.#ended = true;
        this.#finish();
        this.#wakeUp();
      },
      onResponseError: (_controller, error) =>
        this.#fail(connectionError(error, this.url.host, this.status !== 0), false),
    };
  }

  #fail(error: unknown, abort: boolean): void {
    if (this.#failure !== undefined || this.#ended) return;
    this.#failure = { error };
    // Bytes that came before a broken connection are good and stay; after an abort nobody wants them.
    if (abort) this.#queue = [];
    if (abort) this.#controller?.abort(asError(error));
    this.#finish();
    this.#wakeUp();
  }

  #finish(): void {
    clearInterval(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  async #wait(): Promise<void> {
    this.#since = performance.now();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#waited += performance.now() - this.#since;
    this.#since = undefined;
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #startTicking(overdue: (waiting: number) => string | undefined): void {
    clearInterval(this.#timer);
    if (this.#ended || this.#failure !== undefined) return;
    this.#waited = 0;
    this.#received = 0;
    const { headersMs, idleMs, windowMs } = this.#timeouts;
    const interval = Math.max(10, Math.min(headersMs, idleMs, windowMs, 4000) / 4);
    const began = performance.now();
    let ticked = began;
    const tick = (): void => {
      const now = performance.now();
      // A tick that is late itself (a stopped process, a busy loop) says nothing about the server: what it has sent
      // is read before the next one.
      const isLate = now - ticked > 3 * interval;
      ticked = now;
      if (isLate) return;
      const late = overdue.call(this, overdue === this.#overdueHead ? now - began : now - (this.#since ?? now));
      if (late === undefined) return;
      this.#fail(new DiskferryError('source-timeout', `${this.url.host} ${late}`), true);
    };
    this.#timer = setInterval(tick, interval).unref();
  }

  #overdueHead(waiting: number): string | undefined {
    const { headersMs } = this.#timeouts;
    return waiting < headersMs ? undefined : `did not send the head of its answer within ${headersMs} ms`;
  }

  #overdueBody(waiting: number): string | undefined {
    const { idleMs, windowMs, minimumRate } = this.#timeouts;
    if (waiting >= idleMs) return `has sent nothing for ${idleMs} ms`;
    if (this.#waited + waiting < windowMs) return undefined;
    const floor = (minimumRate * windowMs) / 1000;
    if (this.#received < floor) return `has sent ${this.#received} bytes in ${windowMs} ms, less than ${floor}`;
    this.#waited = -waiting;
    this.#received = 0;
    return undefined;
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
