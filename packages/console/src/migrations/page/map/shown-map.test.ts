import { MAP_STATES, type MapState } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { sharesOf, shownMap } from './shown-map.ts';

const code = (state: MapState) => MAP_STATES.indexOf(state);
const content = (kind: 'untouched' | 'partly' | 'complete', share = 0, verified = false) => {
  return { kind, bytes: 0, of: 1000, share, verified, words: '' };
};

describe('shownMap()', () => {
  it('is what a worker tells, place by place', () => {
    const measured = {
      cells: 5,
      runs: [
        [code('hole'), 2],
        [code('failed'), 1],
        [code('verified'), 2],
      ],
    };
    expect(shownMap(content('partly', 0.4), measured)).toEqual({
      runs: [
        ['hole', 2],
        ['failed', 1],
        ['verified', 2],
      ],
      cells: 5,
      isPlaced: true,
    });
  });

  it('is what the log knows where no worker tells anything', () => {
    expect(shownMap(content('untouched'), undefined)).toBeUndefined();
    expect(shownMap(content('complete', 1, true), undefined)?.runs).toEqual([['verified', 256]]);
    expect(shownMap(content('complete', 1, false), undefined)?.runs).toEqual([['copied', 256]]);
    expect(shownMap(content('partly', 0.25), undefined)).toEqual({
      runs: [
        ['copied', 64],
        ['unknown', 192],
      ],
      cells: 256,
      isPlaced: false,
    });
    expect(shownMap(content('partly', 0), { cells: 0, runs: [] })?.runs).toEqual([['unknown', 256]]);
  });

  it('is never behind what the log says of the whole disk', () => {
    const states = ['hole', 'zero', 'waiting', 'copied', 'verified', 'unknown', 'failed'] as const;
    const measured = { cells: 7, runs: states.map((state) => [code(state), 1]) };
    const shown = (kind: 'partly' | 'complete', verified: boolean) =>
      shownMap(content(kind, 1, verified), measured)?.runs.map(([state]) => state);
    expect(shown('partly', false)).toEqual(states);
    expect(shown('complete', false)).toEqual(['hole', 'zero', 'copied', 'copied', 'verified', 'copied', 'failed']);
    const done = 'verified';
    expect(shown('complete', true)).toEqual(['hole', 'zero', done, done, done, done, done]);
  });

  it.each([
    [{ cells: 4, runs: [[code('copied'), 9]] }, [['copied', 4]]],
    [
      { cells: 4, runs: [[99, 1], [-1, -5], []] },
      [
        ['unknown', 1],
        ['unknown', 3],
      ],
    ],
    [{ cells: 1e12, runs: [[code('hole'), 1e12]] }, [['hole', 1024]]],
  ])('makes something of %j', (measured, runs) => {
    expect(shownMap(content('partly'), measured)?.runs).toEqual(runs);
  });
});

describe('sharesOf()', () => {
  it('adds up runs, failures first, and leaves out what does not occur', () => {
    const map = {
      cells: 8,
      isPlaced: true,
      runs: [
        ['hole', 2],
        ['copied', 1],
        ['hole', 4],
        ['failed', 1],
      ],
    } as const;
    expect(sharesOf(map)).toEqual([
      ['failed', 1 / 8],
      ['copied', 1 / 8],
      ['hole', 6 / 8],
    ]);
  });
});
