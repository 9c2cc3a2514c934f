import { endOf, type Range } from '../base/bytes.ts';
import { gapsBetween, SEGMENT, segmentCount, segmentOf, segmentRange } from './segment.ts';

/** Which bytes of a disk have been seen, segment by segment; a segment that is complete costs next to nothing. */
export class Coverage {
  readonly #segments = new Map<number, Range[] | 'all'>();

  add(range: Range): void {
    for (let index = segmentOf(range.offset); index * SEGMENT < endOf(range); index++) {
      const begin = Math.max(range.offset, index * SEGMENT);
      const end = Math.min(endOf(range), (index + 1) * SEGMENT);
      const before = this.#segments.get(index) ?? [];
      if (before === 'all') continue;
      const after = withRange(before, { offset: begin - index * SEGMENT, length: end - begin });
      this.#segments.set(index, after[0]?.length === SEGMENT ? 'all' : after);
    }
  }

  /** What of a disk of this size has not been seen, ascending, at most a segment at a time. */
  *missing(diskSize: number): Iterable<Range> {
    for (let index = 0; index < segmentCount(diskSize); index++) {
      const covered = this.#segments.get(index) ?? [];
      if (covered === 'all') continue;
      const { offset, length } = segmentRange(index, diskSize);
      for (const gap of gapsBetween(covered, length)) yield { offset: offset + gap.offset, length: gap.length };
    }
  }
}

/** The list with one more range, merged with its neighbours. Pieces mostly come in order: the end is looked at first. */
export function withRange(ranges: Range[], added: Range): Range[] {
  const last = ranges.at(-1);
  if (last && endOf(last) === added.offset) {
    ranges[ranges.length - 1] = { offset: last.offset, length: last.length + added.length };
    return ranges;
  }
  if (!last || endOf(last) < added.offset) {
    ranges.push(added);
    return ranges;
  }
  return merged([...ranges, added].toSorted((a, b) => a.offset - b.offset));
}

function merged(sorted: readonly Range[]): Range[] {
  const result: { offset: number; length: number }[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last && range.offset <= last.offset + last.length) {
      last.length = Math.max(last.offset + last.length, endOf(range)) - last.offset;
    } else result.push({ ...range });
  }
  return result;
}
