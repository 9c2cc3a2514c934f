import { endOf, overlap, type Range } from '../../base/bytes.ts';
import type { Extent } from '../image.ts';

/** Adds a run to a list of runs, joined with the last one where both disk and file go on. */
export function append(list: Extent[], next: Extent): void {
  const last = list.at(-1);
  const joined = last && join(last, next);
  if (joined) list[list.length - 1] = joined;
  else list.push(next);
}

function join(last: Extent, next: Extent): Extent | undefined {
  if (last.kind !== next.kind) return undefined;
  const length = last.length + next.length;
  if (last.kind !== 'data' || next.kind !== 'data') return { ...last, length };
  const follows =
    last.stored.form === 'plain' &&
    next.stored.form === 'plain' &&
    last.stored.file === next.stored.file &&
    last.stored.offset + last.length === next.stored.offset;
  return follows ? { ...last, length } : undefined;
}

/** The same run elsewhere on the disk. */
export function moved(extent: Extent, by: number): Extent {
  return by === 0 ? extent : { ...extent, offset: extent.offset + by };
}

/** One part of a disk: an extent of the descriptor. Offsets count from its own beginning. */
export interface Part {
  /** Bytes of the disk. */
  readonly length: number;
  /** Runs in small lists: ascending, gapless, clipped to `within`. */
  runs(within: Range, signal?: AbortSignal): AsyncIterable<readonly Extent[]>;
}

/** The runs of all parts, one behind the other, joined. */
export async function* runsOfParts(parts: readonly Part[], within: Range, signal?: AbortSignal): AsyncIterable<Extent> {
  const open: Extent[] = [];
  let begin = 0;
  for (const part of parts) {
    const inPart = overlap({ offset: begin, length: part.length }, within);
    if (inPart) {
      for await (const runs of part.runs({ ...inPart, offset: inPart.offset - begin }, signal)) {
        for (const run of runs) append(open, moved(run, begin));
        yield* open.splice(0, open.length - 1);
      }
    }
    begin += part.length;
    if (begin >= endOf(within)) break;
  }
  yield* open;
}
