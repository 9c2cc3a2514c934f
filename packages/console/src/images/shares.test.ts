import { expect, it } from 'vitest';
import { piecesOf } from './shares.ts';

const GiB = 2 ** 30;
const volume = (place: string, start: number | null, size: number) => {
  return { place, start, size, content: 'ext4', label: null, used: null };
};
const shown = (pieces: ReturnType<typeof piecesOf>) => {
  return pieces.map(({ volume: drawn, width }) => [drawn?.place ?? 'free', Math.round(width)]);
};

it('draws the parts in the order of the disk, with what is free between and behind them', () => {
  const pieces = piecesOf([volume('b', 60 * GiB, 20 * GiB), volume('a', 0, 40 * GiB)], 100 * GiB);
  expect(shown(pieces)).toEqual([
    ['a', 40],
    ['free', 20],
    ['b', 20],
    ['free', 20],
  ]);
  expect(pieces.map(({ from }) => Math.round(from))).toEqual([0, 40, 60, 80]);
});

it('lets a tiny part be seen, and ends where the picture ends', () => {
  const pieces = piecesOf([volume('esp', 0, 1), volume('root', 1, 100 * GiB)], 100 * GiB + 1);
  expect(pieces[0]?.width).toBeGreaterThan(1.5);
  const last = pieces.at(-1);
  expect((last?.from ?? 0) + (last?.width ?? 0)).toBeCloseTo(100);
});

it('leaves out what has no place on the disk, and draws nothing where nothing has', () => {
  expect(shown(piecesOf([volume('p', 0, GiB), volume('vg0/root', null, GiB)], GiB))).toEqual([['p', 100]]);
  expect(piecesOf([volume('vg0/root', null, GiB)], GiB)).toEqual([]);
  expect(piecesOf([volume('p', 0, 0)], null)).toEqual([]);
});

it('keeps within the picture what a hostile table lets overlap', () => {
  const pieces = piecesOf([volume('a', 0, 10 * GiB), volume('b', GiB, 10 * GiB)], 4 * GiB);
  const widths = pieces.reduce((sum, { width }) => sum + width, 0);
  expect(widths).toBeCloseTo(100);
});
