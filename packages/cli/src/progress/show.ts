import type { Meter } from '@diskferry/engine';
import { showBar } from './bar.ts';
import { showLines } from './lines.ts';
import type { Shown } from './shown.ts';

/** Progress on standard error: a bar on a terminal, a line every few seconds without one, nothing for a program. */
export function showProgress(meter: Meter, flags: { readonly json?: boolean; readonly quiet?: boolean }): Shown {
  if (flags.quiet) return { stop() {} };
  if (process.stderr.isTTY) return showBar(meter);
  return flags.json ? { stop() {} } : showLines(meter);
}
