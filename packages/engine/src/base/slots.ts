/** A bounded number of places; whoever finds none waits in line. */
export class Slots {
  #free: number;
  readonly #line: { take: () => void; leave: (reason: unknown) => void }[] = [];
  #closedBy: unknown;

  constructor(count: number) {
    this.#free = count;
  }

  async acquire(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#closedBy !== undefined) throw this.#closedBy;
    if (this.#free > 0) return void this.#free--;
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => entry.leave(signal?.reason);
      const settled = (settle: () => void) => () => {
        const at = this.#line.indexOf(entry);
        if (at >= 0) this.#line.splice(at, 1);
        signal?.removeEventListener('abort', abort);
        settle();
      };
      const entry = { take: settled(resolve), leave: (reason: unknown) => settled(() => reject(reason))() };
      this.#line.push(entry);
      signal?.addEventListener('abort', abort);
    });
  }

  release(): void {
    const next = this.#line[0];
    if (next === undefined) this.#free++;
    else next.take();
  }

  /** Everybody in line, and everybody who comes, gets `reason`. */
  close(reason: unknown): void {
    this.#closedBy ??= reason;
    while (this.#line[0] !== undefined) this.#line[0].leave(reason);
  }
}
