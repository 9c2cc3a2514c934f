import type { Meter } from '@diskferry/engine';
import { Presets, SingleBar } from 'cli-progress';
import { Estimator } from './estimate.ts';
import { progressLine } from './line.ts';
import type { Shown } from './shown.ts';

const EVERY_MS = 250;
const STEPS = 1000;

/** On a terminal: a bar, and below the share the bytes of each stage. */
export function showBar(meter: Meter): Shown {
  const estimator = new Estimator(meter);
  const bar = new SingleBar(
    {
      format: '{bar} {line}',
      stream: process.stderr,
      hideCursor: true,
      barsize: 24,
      clearOnComplete: false,
      linewrap: false,
    },
    Presets.shades_classic,
  );
  bar.start(STEPS, 0, { line: meter.stage });
  const update = () => {
    const estimate = estimator.estimate();
    bar.update(Math.floor((estimate.share ?? 0) * STEPS), { line: progressLine(meter, estimate) });
  };
  const timer = setInterval(update, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      if (!bar.isActive) return;
      update();
      bar.stop();
    },
  };
}
