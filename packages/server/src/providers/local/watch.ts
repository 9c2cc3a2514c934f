import { setTimeout as sleep } from 'node:timers/promises';
import type { Book } from './book.ts';
import type { Cloud } from './cloud.ts';
import type { Guests } from './guest/guests.ts';

const EVERY_MS = 1000;

/**
 * Looks after the guests while the folder is open: says that one has ended or came back although nobody asked for it, and
 * keeps their logs small. While no service works with the folder, nobody does.
 */
export class Watch implements AsyncDisposable {
  readonly #over = new AbortController();
  readonly #watching: Promise<void>;

  constructor(cloud: Pick<Cloud, 'book' | 'guests' | 'bell'>) {
    this.#watching = this.#watch(cloud);
  }

  async #watch({ book, guests, bell }: Pick<Cloud, 'book' | 'guests' | 'bell'>): Promise<void> {
    const { signal } = this.#over;
    let before = '';
    while (!signal.aborted) {
      // What cannot be seen now, as without a free descriptor, is looked at again.
      const alive = await look(book, guests).catch(() => before);
      if (alive !== before) bell.ring();
      before = alive;
      await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }
}

/** Those that run, as one word. */
async function look(book: Book, guests: Guests): Promise<string> {
  const alive: string[] = [];
  for (const { id, guest } of book.instances) {
    if (!(await guests.isAlive(guest))) continue;
    alive.push(id);
    await guests.trimLogs(id);
  }
  return alive.toSorted().join();
}
