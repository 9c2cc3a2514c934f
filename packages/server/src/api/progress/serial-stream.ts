import type { SerialTail } from '../../providers/provider.ts';
import type { Channel } from './channel.ts';

interface About {
  /** The last bytes, at most so many. */
  readonly read: (last: number) => Promise<SerialTail>;
  /** Up to where the client has it already. */
  readonly from: number | undefined;
}

const MOST_AT_ONCE = 65_536;

/**
 * A serial console, told to one client: `serial` with the bytes that are new, and where they end as the id. `restarted` when
 * the log began anew. Of what comes faster than it is asked for, the middle is left out, and `skipped` says how much.
 */
export class SerialStream {
  readonly #channel: Channel;
  readonly #read: About['read'];
  #decoder = new TextDecoder();
  #told: number | undefined;

  constructor(channel: Channel, { read, from }: About) {
    this.#channel = channel;
    this.#read = read;
    this.#told = from;
  }

  async look(): Promise<void> {
    const { bytes, end } = await this.#read(MOST_AT_ONCE);
    const begin = end - bytes.length;
    if (this.#told !== undefined && end < this.#told) {
      await this.#channel.send({ event: 'restarted', id: '0', data: {} });
      this.#decoder = new TextDecoder();
      this.#told = 0;
    }
    const from = this.#told ?? begin;
    if (end === from && this.#told !== undefined) return;
    const skipped = Math.max(0, begin - from);
    const text = this.#decoder.decode(bytes.subarray(Math.max(0, from - begin)), { stream: true });
    this.#told = end;
    await this.#channel.send({ event: 'serial', id: `${end}`, data: { text, end, skipped } });
  }
}
