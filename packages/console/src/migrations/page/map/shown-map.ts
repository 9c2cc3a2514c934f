import { MAP_STATES, type DiskMapView, type MapState } from '@diskferry/protocol';
import type { Schemas } from '../../../service/service.ts';

export interface ShownMap {
  /** Neighbours of one state, from the start of the disk to its end. */
  readonly runs: readonly (readonly [MapState, number])[];
  readonly cells: number;
  /** Whether each cell stands for its own place; otherwise only how much there is of everything is known. */
  readonly isPlaced: boolean;
}

/** As many as a worker tells of. */
const MOST = 1024;
/** Of a map that is made of a share alone: enough to be seen, and not so fine as if something was known of each. */
const COARSE = 256;

/**
 * What was seen of the disk, place by place; or the share that the log knows, where nobody has looked. Undefined where nothing
 * was written.
 */
export function shownMap(content: Schemas['DiskContent'], measured: DiskMapView | undefined): ShownMap | undefined {
  if (measured !== undefined && measured.cells > 0) return broughtUp(content, placed(measured));
  if (content.kind === 'untouched') return undefined;
  const state = content.kind === 'complete' && content.verified ? 'verified' : 'copied';
  if (content.kind === 'complete') return { runs: [[state, COARSE]], cells: COARSE, isPlaced: true };
  const done = Math.floor(Math.min(1, Math.max(0, content.share)) * COARSE);
  const runs = (
    [
      [state, done],
      ['unknown', COARSE - done],
    ] as const
  ).filter(([, count]) => count > 0);
  return { runs, cells: COARSE, isPlaced: false };
}

/**
 * A map may be older than the log: of a worker that has died, or one that has not seen what an earlier one had read back. What
 * the log says of the whole disk is so in each place of it.
 */
function broughtUp({ kind, verified }: Schemas['DiskContent'], map: ShownMap): ShownMap {
  if (kind !== 'complete') return map;
  const isOld = (state: MapState) => OLD[verified ? 'verified' : 'copied'].includes(state);
  const runs = map.runs.map(
    ([state, count]) => [isOld(state) ? (verified ? 'verified' : 'copied') : state, count] as const,
  );
  return { ...map, runs };
}

/** What cannot be any more in a disk that is whole. */
const OLD: Readonly<Record<'verified' | 'copied', readonly MapState[]>> = {
  copied: ['waiting', 'unknown'],
  verified: ['waiting', 'unknown', 'copied', 'failed'],
};

/** What does not fit together is cut or filled up: a page must not fail over a picture. */
function placed({ cells, runs }: DiskMapView): ShownMap {
  const wanted = Math.min(MOST, cells);
  const found: [MapState, number][] = [];
  let at = 0;
  for (const [state = -1, count = 0] of runs) {
    const fitting = Math.min(Math.max(0, count), wanted - at);
    if (fitting > 0) found.push([MAP_STATES[state] ?? 'unknown', fitting]);
    at += fitting;
  }
  if (at < wanted) found.push(['unknown', wanted - at]);
  return { runs: found, cells: wanted, isPlaced: true };
}

/** How much of the disk is in which state, as shares of 1, in the order of the legend; what does not occur is left out. */
export function sharesOf({ runs, cells }: ShownMap): [MapState, number][] {
  const counts = new Map<MapState, number>();
  for (const [state, count] of runs) counts.set(state, (counts.get(state) ?? 0) + count);
  return LEGEND.flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [[state, count / cells] as [MapState, number]];
  });
}

const LEGEND = ['failed', 'verified', 'copied', 'waiting', 'zero', 'hole', 'unknown'] as const satisfies MapState[];
