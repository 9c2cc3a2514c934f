import type { BootEntry } from '../../report.ts';
import { shown } from '../../text.ts';

/** What a boot loader may start, as its configuration says. */
export interface LoaderConfig {
  readonly loader: string;
  readonly path: string;
  readonly entries: readonly BootEntry[];
  /** Which one starts by itself: its place, or why that cannot be told. */
  readonly chosen: number | string;
}

export const ENTRY_LIMIT = 64;

export function bootEntry(title: string, kernel: string, initrds: readonly string[], args: string): BootEntry {
  const root = /(?:^|\s)root=(\S+)/.exec(args)?.[1];
  return {
    title: shown(title),
    kernel: shown(kernel, 300),
    initrds: initrds.slice(0, 8).map((path) => shown(path, 300)),
    arguments: shown(args, 1000),
    root: root === undefined ? null : shown(root.replaceAll('"', ''), 300),
  };
}
