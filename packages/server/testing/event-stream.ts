import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';

export interface Told {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: any;
}

/** A client of an event stream, over a real socket. It keeps what it was told, and can be asked to wait. */
export class EventStream implements Disposable {
  readonly told: Told[] = [];
  readonly comments: string[] = [];
  readonly headers: IncomingMessage['headers'];
  readonly ended: Promise<void>;
  readonly #response: IncomingMessage;
  #rest = '';

  private constructor(response: IncomingMessage) {
    this.#response = response;
    this.headers = response.headers;
    response.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    response.on('error', () => undefined);
    this.ended = new Promise((resolve) => response.once('close', resolve));
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventStream> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { headers, agent: false }, resolve).on('error', reject).end();
    });
    if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
    return new EventStream(response);
  }

  /** Stops reading: the other end does not get rid of what it sends. */
  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  async until(isThere: (told: readonly Told[]) => boolean, withinMs = 10_000): Promise<readonly Told[]> {
    const end = Date.now() + withinMs;
    while (!isThere(this.told)) {
      if (Date.now() > end) throw new Error(`not told in time: ${JSON.stringify(this.told).slice(0, 2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.told;
  }

  #take(text: string): void {
    this.#rest += text;
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      if (fields.has('')) this.comments.push(fields.get('') ?? '');
      const event = fields.get('event');
      if (event !== undefined)
        this.told.push({ event, id: fields.get('id'), data: JSON.parse(fields.get('data') ?? '') });
    }
  }

  [Symbol.dispose](): void {
    this.#response.destroy();
  }
}
