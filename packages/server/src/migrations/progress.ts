import { isOver, shareOf } from '@diskferry/protocol';
import type { Migration } from './migration.ts';

export interface ProgressSummary {
  /** Bytes of all images that are on their disks, durable. */
  readonly done: number;
  /** Bytes of all images, or null while the size of one is not known. */
  readonly total: number | null;
  readonly share: number;
}

export function progressOf({ images }: Migration): ProgressSummary {
  const sizes = images.map(({ size }) => size);
  const known = sizes.filter((size) => size !== null);
  const total = known.length === sizes.length ? known.reduce((sum, size) => sum + size, 0) : null;
  const done = images.reduce((sum, { content, size }) => sum + Math.round(shareOf(content) * (size ?? 0)), 0);
  const everything = images.every(({ content }) => content.kind === 'complete');
  return { done, total, share: everything ? 1 : total === null || total === 0 ? 0 : done / total };
}

/** Whether a retry goes on from what the disks hold; undefined where there is nothing to try again. */
export function retryGoesOn({ standing }: Migration): boolean | undefined {
  return isOver(standing.state) && 'goesOn' in standing ? standing.goesOn : undefined;
}
