import type { Meter } from '@diskferry/engine';
import { Estimator } from './estimate.ts';
import { progressLine } from './line.ts';
import type { Shown } from './shown.ts';

const EVERY_MS = 250;
const WIDTH = 24;
/** ECMA-48: erase from the cursor to the end of the line. */
const CLEAR_REST = '\u001b[K';

/** On a terminal: one line that is written over itself, and that stays when it is stopped. */
export function showBar(meter: Meter, terminal: NodeJS.WriteStream = process.stderr): Shown {
  const estimator = new Estimator(meter);
  const draw = () => {
    const estimate = estimator.estimate();
    const line = `${barOf(estimate.share ?? 0)} ${progressLine(meter, estimate)}`;
    terminal.write(`\r${line.slice(0, Math.max(1, (terminal.columns || 80) - 1))}${CLEAR_REST}`);
  };
  let timer: NodeJS.Timeout | undefined = setInterval(draw, EVERY_MS);
  return {
    stop() {
      if (!timer) return;
      clearInterval(timer);
      timer = undefined;
      draw();
      terminal.write('\n');
    },
  };
}

function barOf(share: number): string {
  const full = Math.min(WIDTH, Math.floor(share * WIDTH));
  return '█'.repeat(full) + '░'.repeat(WIDTH - full);
}
