import type { LogLevel } from '@diskferry/protocol';
import type { LineStore, NewLine } from '../../live/lines.ts';
import { clean } from '../../preflight/check.ts';
import type { Lease } from '../lease/lease.ts';
import type { Log } from '../worker-parts.ts';

/** One line about the migration: for the log of the process, and for whoever looks at the migration. */
export type Say = (level: LogLevel, text: string, about?: Readonly<Record<string, string | number>>) => void;

/** Lines that wait for the database; what comes too fast for it is counted, and not kept. */
const MOST_WAITING = 200;

/** What is said about one migration, on its way into the store. */
export class SpokenLines {
  readonly #store: Pick<LineStore, 'append'>;
  readonly #lease: Pick<Lease, 'id' | 'fence'>;
  readonly #log: Log;
  #waiting: NewLine[] = [];
  #leftOut = 0;

  constructor(store: Pick<LineStore, 'append'>, lease: Pick<Lease, 'id' | 'fence'>, log: Log) {
    this.#store = store;
    this.#lease = lease;
    this.#log = log;
  }

  readonly say: Say = (level, text, about = {}) => {
    const plain = clean(text);
    this.#log(level, plain, { migration: this.#lease.id, ...about });
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ at: Date.now(), level, text: plain });
    else this.#leftOut += 1;
  };

  /** Writes what waits. What cannot be written now is tried the next time; what may not be any more is not missed. */
  async flush(): Promise<void> {
    // More may be said while these are written.
    const lines = [...this.#waiting];
    const leftOut = this.#leftOut;
    if (lines.length === 0 && leftOut === 0) return;
    const more: NewLine[] =
      leftOut === 0 ? [] : [{ at: Date.now(), level: 'warn', text: `${leftOut} more lines are left out here` }];
    try {
      await this.#store.append(this.#lease.id, this.#lease.fence, [...lines, ...more]);
    } catch {
      return;
    }
    this.#waiting = this.#waiting.slice(lines.length);
    this.#leftOut -= leftOut;
  }
}
