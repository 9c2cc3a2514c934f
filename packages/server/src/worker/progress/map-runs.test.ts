import { DiskMap } from '@diskferry/engine';
import { MAP_STATES } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { codedMap, MapRuns } from './map-runs.ts';

const MiB = 2 ** 20;
const TiB = 2 ** 40;

function mapOf(size: number): DiskMap {
  const map = new DiskMap();
  map.sized(size);
  return map;
}

const named = ({ runs }: ReturnType<typeof codedMap>) => runs.map(([state = -1, count]) => [MAP_STATES[state], count]);

describe('codedMap()', () => {
  it('joins neighbours, and covers every cell', () => {
    const map = mapOf(40 * MiB);
    map.foresee(0, 3, 'hole');
    map.foresee(3, 6, 'waiting');
    map.mark(3, 'copied');
    map.verify(3);
    map.mark(5, 'failed');
    expect(codedMap(map).cells).toBe(10);
    expect(named(codedMap(map))).toEqual([
      ['hole', 3],
      ['verified', 1],
      ['waiting', 1],
      ['failed', 1],
      ['unknown', 4],
    ]);
  });

  it('is a few KiB at most, however large the disk and however scattered what is on it', () => {
    const map = mapOf(16 * TiB);
    const segments = (16 * TiB) / (4 * MiB);
    map.foresee(0, segments, 'hole');
    for (let index = 0; index < segments; index += segments / 512) map.mark(index, 'copied');
    const coded = codedMap(map);
    expect(coded.runs).toHaveLength(1024);
    expect(JSON.stringify(coded).length).toBeLessThan(7 * 1024);
  });
});

describe('MapRuns', () => {
  it('shows nothing before something is known, and changes at most every two seconds', () => {
    const runs = new MapRuns();
    expect(runs.view(0)).toBeNull();
    const map = new DiskMap();
    runs.shows(map);
    expect(runs.view(0)).toBeNull();
    map.sized(8 * MiB);
    const first = runs.view(10);
    expect(first).toEqual({ cells: 2, runs: [[5, 2]] });
    map.mark(0, 'copied');
    expect(runs.view(1000)).toBe(first);
    const second = runs.view(2010);
    expect(second?.runs).toEqual([
      [3, 1],
      [5, 1],
    ]);
    expect(runs.view(9000)).toBe(second);
  });

  it('shows another disk at once', () => {
    const runs = new MapRuns();
    runs.shows(mapOf(8 * MiB));
    runs.view(0);
    runs.shows(mapOf(4 * MiB));
    expect(runs.view(1)?.cells).toBe(1);
    runs.shows(undefined);
    expect(runs.view(2)).toBeNull();
  });
});
