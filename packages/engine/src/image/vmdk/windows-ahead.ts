import type { GrainTables, TableWindow } from './grain-tables.ts';

/** Windows that are being read while an earlier one is walked. More would pay on slow networks and cost memory. */
const AHEAD = 2;

/** All windows over the tables `from` up to `to`, in order. When it is closed nothing is being read any more. */
export async function* windowsAhead(
  tables: GrainTables,
  range: { readonly from: number; readonly to: number },
  signal?: AbortSignal,
): AsyncIterable<TableWindow> {
  const underway: Promise<TableWindow>[] = [];
  let next = range.from;
  try {
    while (next < range.to || underway.length > 0) {
      while (next < range.to && underway.length < AHEAD) {
        const window = tables.window(next, range.to, signal);
        window.catch(() => undefined); // thrown where it is awaited, or not at all after an earlier error
        underway.push(window);
        next += tables.perWindow - (next % tables.perWindow);
      }
      const first = underway.shift();
      if (first) yield await first;
    }
  } finally {
    await Promise.allSettled(underway);
  }
}
