/** Rings when something has changed, and does not say what. */
export class Bell {
  readonly #listeners = new Set<() => void>();

  ring(): void {
    for (const hear of this.#listeners) hear();
  }

  /**
   * Everything that rings from now on until the signal is given; then it ends. What rings several times while the listener
   * is busy is one to it.
   */
  listen(signal: AbortSignal): AsyncIterable<void> {
    let hasRung = false;
    let wake: (() => void) | undefined;
    const hear = (): void => {
      hasRung = true;
      wake?.();
    };
    const leave = (): void => {
      this.#listeners.delete(hear);
      wake?.();
    };
    if (!signal.aborted) this.#listeners.add(hear);
    signal.addEventListener('abort', leave, { once: true });
    return (async function* () {
      try {
        while (!signal.aborted) {
          if (!hasRung) await new Promise<void>((resolve) => (wake = resolve));
          if (signal.aborted) return;
          hasRung = false;
          yield;
        }
      } finally {
        signal.removeEventListener('abort', leave);
        leave();
      }
    })();
  }
}
