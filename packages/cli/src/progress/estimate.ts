import type { Meter } from '@diskferry/engine';

/** How far a copy is, how fast it goes and when it will be done, and what that rests on. */
export interface Estimate {
  /** 0 to 1, undefined where nothing tells how much there is. */
  readonly share: number | undefined;
  /** Bytes a second over the last seconds. */
  readonly rate: number;
  readonly secondsLeft: number | undefined;
  readonly basis: string;
}

interface Sample {
  readonly at: number;
  readonly done: number;
}

/** The speed is that of this long: shorter jumps, longer lags behind. */
const WINDOW_MS = 15_000;

export class Estimator {
  readonly #meter: Meter;
  #samples: Sample[] = [];
  #measure = '';

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  estimate(now = performance.now()): Estimate {
    const { done, total, basis } = measure(this.#meter);
    if (basis !== this.#measure) this.#samples = [];
    this.#measure = basis;
    this.#samples.push({ at: now, done });
    this.#samples = this.#samples.filter(({ at }) => now - at <= WINDOW_MS);
    const first = this.#samples[0] as Sample;
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0 ? Math.max(0, done - first.done) / seconds : 0;
    return {
      share: total ? Math.min(1, done / total) : undefined,
      rate,
      secondsLeft: total && rate > 0 && seconds >= 2 ? Math.max(0, total - done) / rate : undefined,
      basis,
    };
  }
}

/** What is counted: the data of the disk where its map is known, else the object as it comes in, else the disk. */
function measure(meter: Meter): { done: number; total: number | undefined; basis: string } {
  const { stage, virtualSize } = meter;
  if (stage === 'verifying') return { done: meter.verified, total: undefined, basis: 'reading back' };
  if (stage === 'copying' && meter.dataSize)
    return { done: meter.dataLanded, total: meter.dataSize, basis: 'of the data' };
  if (stage === 'copying' && meter.onePass)
    return { done: meter.bytesRead, total: meter.sourceSize, basis: 'of the object' };
  return { done: meter.landed, total: virtualSize, basis: 'of the disk' };
}
