import type { Meter } from '@diskferry/engine';
import { Estimator } from './estimate.ts';
import { progressLine } from './line.ts';
import type { Shown } from './shown.ts';

const EVERY_MS = 5_000;

/** For logs: a line every few seconds. */
export function showLines(meter: Meter): Shown {
  const estimator = new Estimator(meter);
  estimator.estimate();
  const timer = setInterval(() => {
    process.stderr.write(`diskferry: ${progressLine(meter, estimator.estimate())}\n`);
  }, EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
