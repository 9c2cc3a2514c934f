import { endOf, overlap, type Bytes, type Range } from '../base/bytes.ts';
import type { Extent } from './image.ts';

/**
 * The extents of a disk that lies in its file as it is, byte 0 on byte 0. The holes of a sparse file are holes of the
 * disk; what reaches behind the end of the file is zero.
 */
export async function* plainExtents(file: Bytes, within: Range, signal?: AbortSignal): AsyncIterable<Extent> {
  const inside = overlap(within, { offset: 0, length: file.size });
  if (inside && file.runs) {
    for await (const { kind, offset, length } of file.runs(inside, signal)) {
      yield kind === 'data' ? stored({ offset, length }) : { kind, offset, length };
    }
  } else if (inside) yield stored(inside);
  const behind = Math.max(within.offset, file.size);
  if (behind < endOf(within)) yield { kind: 'zero', offset: behind, length: endOf(within) - behind };
}

function stored(range: Range): Extent {
  return { kind: 'data', ...range, stored: { form: 'plain', file: 0, offset: range.offset } };
}
