import type { DiskMap } from '@diskferry/engine';
import { MAP_STATES, type DiskMapView } from '@diskferry/protocol';

/** A map is some KiB, and a disk does not look otherwise a second later. */
const EVERY_MS = 2000;

/** The map of the disk that is worked on, as it is sent: coded anew only where it has changed, and not too often. */
export class MapRuns {
  #map: DiskMap | undefined;
  #coded: DiskMapView | null = null;
  #revision = -1;
  #codedAt = -Infinity;

  shows(map: DiskMap | undefined): void {
    if (map === this.#map) return;
    this.#map = map;
    this.#coded = null;
    this.#revision = -1;
    this.#codedAt = -Infinity;
  }

  /** However short ago it was coded. */
  now(): DiskMapView | null {
    this.#codedAt = -Infinity;
    return this.view(0);
  }

  /** @param at milliseconds by a clock that never jumps */
  view(at: number): DiskMapView | null {
    const map = this.#map;
    if (map === undefined || map.cells === 0) return null;
    if (map.revision === this.#revision || at - this.#codedAt < EVERY_MS) return this.#coded;
    this.#coded = codedMap(map);
    this.#revision = map.revision;
    this.#codedAt = at;
    return this.#coded;
  }
}

export function codedMap(map: DiskMap): DiskMapView {
  const runs: [number, number][] = [];
  for (let cell = 0; cell < map.cells; cell++) {
    const state = MAP_STATES.indexOf(map.stateOf(cell));
    const last = runs.at(-1);
    if (last?.[0] === state) last[1] += 1;
    else runs.push([state, 1]);
  }
  return { cells: map.cells, runs };
}
