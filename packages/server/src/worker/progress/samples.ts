import type { Meter, Wait } from '@diskferry/engine';
import { BOTTLENECKS, type Bottleneck } from '@diskferry/protocol';

/** What a meter showed at a moment. */
interface Sample {
  readonly at: number;
  readonly read: number;
  readonly landed: number;
  readonly verified: number;
  readonly waited: Readonly<Record<Wait, number>>;
}

/** Speed is that over so long: a shorter time jumps, a longer one lags behind. */
const WINDOW_MS = 10_000;
/** Less waiting than this in a second of the window names nothing. */
const LEAST_WAIT = 0.05;

/** The last seconds of a meter. */
export class Samples {
  #samples: Sample[] = [];
  /** When something last moved. */
  #movedAt: number | undefined;

  clear(): void {
    this.#samples = [];
    this.#movedAt = undefined;
  }

  take(meter: Meter, at: number): void {
    const { bytesRead: read, landed, verified, waited } = meter;
    const last = this.#samples.at(-1);
    const moved = last === undefined || last.read !== read || last.landed !== landed || last.verified !== verified;
    if (moved) this.#movedAt = at;
    this.#samples.push({ at, read, landed, verified, waited: { ...waited } });
    while (this.#samples.length > 2 && at - (this.#samples[1] as Sample).at >= WINDOW_MS) this.#samples.shift();
  }

  /** Seconds that the window spans; 0 while there is but one look. */
  get seconds(): number {
    const [first, last] = this.#ends();
    return first && last ? (last.at - first.at) / 1000 : 0;
  }

  /** Milliseconds since something moved. */
  get stillFor(): number {
    return this.#movedAt === undefined ? 0 : (this.#samples.at(-1)?.at ?? this.#movedAt) - this.#movedAt;
  }

  /** Bytes a second. */
  speed(): { readonly read: number; readonly landed: number; readonly verified: number } {
    return { read: this.#rate('read'), landed: this.#rate('landed'), verified: this.#rate('verified') };
  }

  /** What the most time was spent waiting for. Waiting for a limit happens inside of waiting for the source. */
  bottleneck(): Bottleneck | null {
    const [first, last] = this.#ends();
    if (!first || !last || this.seconds === 0) return null;
    const waited = (what: Wait) => last.waited[what] - first.waited[what];
    const shares = BOTTLENECKS.map((what) => {
      return { what, ms: what === 'source' ? Math.max(0, waited(what) - waited('bandwidth')) : waited(what) };
    });
    const most = shares.reduce((a, b) => (b.ms > a.ms ? b : a));
    return most.ms < LEAST_WAIT * this.seconds * 1000 ? null : most.what;
  }

  #rate(what: 'read' | 'landed' | 'verified'): number {
    const [first, last] = this.#ends();
    if (!first || !last || this.seconds === 0) return 0;
    return Math.round(Math.max(0, last[what] - first[what]) / this.seconds);
  }

  #ends(): readonly [Sample | undefined, Sample | undefined] {
    return [this.#samples[0], this.#samples.at(-1)];
  }
}
