import { DiskferryError } from '../../../base/errors.ts';
import { Connection, type Dial } from './connection.ts';

/**
 * Connections that have served a request and wait for the next one, by origin. One request at a time on each: the next
 * is sent when the answer has been read. How many there are is for those who ask.
 */
export class Pool implements AsyncDisposable {
  readonly #dial: Dial;
  readonly #all = new Set<Connection>();
  /** The last one used is the first one taken: the others can grow old. */
  readonly #resting = new Map<Connection, NodeJS.Timeout>();
  #isDisposed = false;

  constructor(dial: Dial) {
    this.#dial = dial;
  }

  /** @param how `fresh`: one that nobody has used yet */
  take(url: URL, how: { readonly fresh: boolean }): Connection {
    if (this.#isDisposed) throw disposed(url.host);
    const rested = how.fresh ? undefined : [...this.#resting.keys()].findLast(({ origin }) => origin === url.origin);
    if (rested === undefined) return this.#begin(url);
    this.#forget(rested);
    rested.resume();
    return rested;
  }

  /** Back from a request that has been answered to the last byte. */
  give(connection: Connection, restMs: number): void {
    if (this.#isDisposed || !connection.isUsable || restMs <= 0) {
      connection.fail(disposed(connection.origin));
      return;
    }
    this.#resting.set(connection, setTimeout(() => connection.fail(disposed(connection.origin)), restMs).unref());
    connection.rest();
  }

  /** Whoever still reads meets an error. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    const all = [...this.#all];
    for (const connection of all) connection.fail(disposed(connection.origin));
    await Promise.all(all.map(({ closed }) => closed));
  }

  #begin(url: URL): Connection {
    const connection = new Connection(url, this.#dial);
    this.#all.add(connection);
    void connection.closed.then(() => {
      this.#forget(connection);
      this.#all.delete(connection);
    });
    return connection;
  }

  #forget(connection: Connection): void {
    clearTimeout(this.#resting.get(connection));
    this.#resting.delete(connection);
  }
}

function disposed(origin: string): DiskferryError {
  return new DiskferryError('internal', `the source at ${origin} was disposed while it was read`);
}
