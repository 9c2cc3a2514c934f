import { Bandwidth, type Meter } from '@diskferry/engine';

/** A shared bandwidth as one copy sees it: counts for how long that one has waited for it. */
export class TimedBandwidth extends Bandwidth {
  readonly #shared: Bandwidth;
  readonly #meter: Meter;

  constructor(shared: Bandwidth, meter: Meter) {
    super();
    this.#shared = shared;
    this.#meter = meter;
  }

  override take(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.#shared.rate === undefined) return this.#shared.take(bytes, signal);
    return this.#meter.waiting('bandwidth', this.#shared.take(bytes, signal));
  }
}
