import type { ServerResponse } from 'node:http';

/** One message of an event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface Message {
  readonly event: string;
  readonly data: unknown;
  /** What the client sends as `Last-Event-ID` when it comes again; without, the one before stays. */
  readonly id?: string;
}

export interface ChannelOptions {
  readonly heartbeatMs: number;
  /** A client that takes nothing off the line for so long is dropped: it comes again, and is told from where it was. */
  readonly slowMs: number;
  /** A stream ends after so long, so that who may listen is asked again. The client comes back by itself. */
  readonly longestMs: number;
}

/** An open event stream to one client. */
export class Channel {
  readonly #raw: ServerResponse;
  readonly #slowMs: number;
  readonly #ended: Promise<void>;

  constructor(raw: ServerResponse, { heartbeatMs, slowMs, longestMs }: ChannelOptions) {
    this.#raw = raw;
    this.#slowMs = slowMs;
    const heartbeat = setInterval(() => this.#beat(), heartbeatMs);
    const end = setTimeout(() => this.end(), longestMs);
    this.#ended = new Promise((resolve) => {
      raw.once('close', () => {
        clearInterval(heartbeat);
        clearTimeout(end);
        resolve();
      });
    });
    raw.on('error', () => raw.destroy());
    raw.write('retry: 2000\n\n');
  }

  get isOpen(): boolean {
    return !this.#raw.destroyed && !this.#raw.writableEnded;
  }

  /** Settles when the client is gone or the stream was ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /**
   * Settles when there is room for the next message, or the client is gone. Who sends waits for it, so that no more than a
   * message or two lie here for a slow client.
   */
  async send({ event, data, id }: Message): Promise<void> {
    if (!this.isOpen) return;
    const head = id === undefined ? '' : `id: ${id}\n`;
    if (this.#raw.write(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)) return;
    const drop = setTimeout(() => this.#raw.destroy(), this.#slowMs);
    await Promise.race([new Promise<void>((resolve) => this.#raw.once('drain', resolve)), this.#ended]);
    clearTimeout(drop);
  }

  end(): void {
    if (this.isOpen) this.#raw.end();
    // Who does not take the end either is not waited for.
    setTimeout(() => this.#raw.destroy(), 1000).unref();
  }

  /** What waits to be taken is sign of life enough. */
  #beat(): void {
    if (this.isOpen && !this.#raw.writableNeedDrain) this.#raw.write(': still here\n\n');
  }
}
