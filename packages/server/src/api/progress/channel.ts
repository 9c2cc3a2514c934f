import type { ServerResponse } from 'node:http';

/** One message of an event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface Message {
  readonly event: string;
  readonly data: unknown;
  /** What the client sends as `Last-Event-ID` when it comes again; without, the one before stays. */
  readonly id?: string;
}

/** A client that does not take so much off the line is dropped: it comes again, and is told from where it was. */
const MOST_WAITING = 256 * 1024;

export interface ChannelOptions {
  readonly heartbeatMs: number;
  /** A stream ends after so long, so that who may listen is asked again. The client comes back by itself. */
  readonly longestMs: number;
}

/** An open event stream to one client. */
export class Channel {
  readonly #raw: ServerResponse;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #ended: Promise<void>;

  constructor(raw: ServerResponse, { heartbeatMs, longestMs }: ChannelOptions) {
    this.#raw = raw;
    this.#timers = [
      setInterval(() => this.#write(': still here\n\n'), heartbeatMs),
      setTimeout(() => this.end(), longestMs),
    ];
    this.#ended = new Promise((resolve) => {
      raw.once('close', () => {
        for (const timer of this.#timers) clearTimeout(timer);
        resolve();
      });
    });
    raw.on('error', () => raw.destroy());
    this.#write('retry: 2000\n\n');
  }

  get isOpen(): boolean {
    return !this.#raw.destroyed && !this.#raw.writableEnded;
  }

  /** Settles when the client is gone or the stream was ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  send({ event, data, id }: Message): void {
    this.#write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    if (this.isOpen) this.#raw.end();
    // Who does not take the end either is not waited for.
    setTimeout(() => this.#raw.destroy(), 1000).unref();
  }

  #write(text: string): void {
    if (!this.isOpen) return;
    if (this.#raw.writableLength > MOST_WAITING) return void this.#raw.destroy();
    this.#raw.write(text);
  }
}
