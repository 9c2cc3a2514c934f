import type { FastifyReply } from 'fastify';
import { ServiceError } from '../../base/errors.ts';
import { Channel, type ChannelOptions } from './channel.ts';

const MOST_LISTENERS = 256;

/** All open event streams of this process. */
export class Listeners {
  readonly #open = new Set<Channel>();
  readonly #options: ChannelOptions;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#open.size;
  }

  /** To be asked before anything is done for a stream. @throws ServiceError `too-many-listeners` */
  requireRoom(): void {
    if (this.#open.size < MOST_LISTENERS) return;
    const message = `${MOST_LISTENERS} are listening`;
    throw new ServiceError('too-many-listeners', message, { retryAfterMs: 5000 });
  }

  /** Takes the answer over from fastify. The headers that hooks have set go out with it. */
  open(reply: FastifyReply): Channel {
    this.requireRoom();
    reply.hijack();
    const { raw } = reply;
    const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
    raw.writeHead(200, {
      ...(Object.fromEntries(headers) as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      // Proxies that collect answers would hold the messages back.
      'x-accel-buffering': 'no',
    });
    const channel = new Channel(raw, this.#options);
    this.#open.add(channel);
    void channel.ended.then(() => this.#open.delete(channel));
    return channel;
  }

  async close(): Promise<void> {
    const all = [...this.#open];
    for (const channel of all) channel.end();
    await Promise.all(all.map(({ ended }) => ended));
  }
}
