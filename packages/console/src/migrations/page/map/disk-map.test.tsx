// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { act, cleanup, render, screen } from '@testing-library/react';
import { MAP_STATES, type DiskMapView, type MapState } from '@diskferry/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startWords } from '../../../words/words.ts';
import { COLUMNS } from './draw-map.ts';
import { DiskMap } from './disk-map.tsx';

interface Drawn {
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

/** What the canvas holds: what is cleared as a whole is gone. */
let drawn: Drawn[] = [];
let frames: FrameRequestCallback[] = [];
let theme = 'light';

const context = {
  fillStyle: '',
  clearRect: (x: number, y: number) => void (x === 0 && y === 0 && (drawn = [])),
  fillRect: (x: number, y: number) => void drawn.push({ colour: context.fillStyle, x, y }),
};

beforeEach(async () => {
  await startWords('en');
  drawn = [];
  frames = [];
  theme = 'light';
  // What a style sheet says of the canvas, which is not laid out here.
  const getPropertyValue = (name: string) => ` ${name}-in-${theme}`;
  vi.stubGlobal('getComputedStyle', () => ({ getPropertyValue }));
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(10 * COLUMNS);
  vi.stubGlobal('requestAnimationFrame', (frame: FrameRequestCallback) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => void (frames[handle - 1] = () => undefined));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function showFrames(): number {
  const due = frames;
  frames = [];
  for (const frame of due) frame(0);
  return due.length;
}

const PARTLY = { kind: 'partly', bytes: 1, of: 4, share: 0.25, verified: false, words: '' } as const;
const view = (...runs: [MapState, number][]): DiskMapView => ({
  cells: runs.reduce((sum, [, count]) => sum + count, 0),
  runs: runs.map(([state, count]) => [MAP_STATES.indexOf(state), count]),
});

it('draws each cell in its place, in the colour of its state', () => {
  render(<DiskMap content={PARTLY} measured={view(['verified', COLUMNS], ['failed', 1], ['hole', 2])} />);
  showFrames();
  expect(drawn).toHaveLength(COLUMNS + 3);
  expect(drawn[COLUMNS - 1]).toEqual({ colour: '--map-verified-in-light', x: 10 * (COLUMNS - 1), y: 0 });
  expect(drawn[COLUMNS]).toEqual({ colour: '--map-failed-in-light', x: 0, y: 10 });
  expect(drawn[COLUMNS + 2]).toEqual({ colour: '--map-hole-in-light', x: 20, y: 10 });
});

it('draws in one frame what has changed, and nothing where it has not', () => {
  const { rerender } = render(<DiskMap content={PARTLY} measured={view(['waiting', 4])} />);
  showFrames();
  rerender(<DiskMap content={PARTLY} measured={view(['waiting', 4])} />);
  expect(showFrames()).toBe(0);
  rerender(<DiskMap content={PARTLY} measured={view(['copied', 1], ['waiting', 3])} />);
  rerender(<DiskMap content={PARTLY} measured={view(['copied', 2], ['waiting', 2])} />);
  expect(showFrames()).toBe(1);
  expect(drawn.map(({ colour }) => colour)).toEqual([
    ...Array.from({ length: 2 }, () => '--map-copied-in-light'),
    ...Array.from({ length: 2 }, () => '--map-waiting-in-light'),
  ]);
});

it('is drawn anew in the other colours when they change', async () => {
  render(<DiskMap content={PARTLY} measured={view(['copied', 1])} />);
  showFrames();
  theme = 'dark';
  await act(async () => document.documentElement.setAttribute('theme-mode', 'dark'));
  await vi.waitFor(() => expect(frames).toHaveLength(1));
  showFrames();
  expect(drawn).toMatchObject([{ colour: '--map-copied-in-dark' }]);
});

it('says in words what it shows', () => {
  render(<DiskMap content={PARTLY} measured={view(['copied', 1], ['waiting', 2], ['hole', 5])} />);
  const map = screen.getByRole('img');
  expect(map.getAttribute('aria-label')).toBe('From its start to its end: Copied 12.5%, To copy 25%, Hole 62.5%');
  expect(screen.queryByText(/share alone/)).toBeNull();
});

it('shows what the log knows where no worker tells anything, and says that the places are not known', () => {
  render(<DiskMap content={PARTLY} measured={undefined} />);
  expect(screen.getByRole('img').getAttribute('aria-label')).toContain('Copied 25%, Not known 75%');
  expect(screen.getByText(/share alone/)).toBeTruthy();
});

it('shows nothing of a disk that was not written to, and leaves no frame behind', () => {
  const { container, rerender, unmount } = render(
    <DiskMap content={{ ...PARTLY, kind: 'untouched' }} measured={undefined} />,
  );
  expect(container.innerHTML).toBe('');
  rerender(<DiskMap content={PARTLY} measured={view(['copied', 1])} />);
  unmount();
  showFrames();
  expect(drawn).toEqual([]);
});

it('has a colour for each state, by day and by night', () => {
  const css = readFileSync(join(import.meta.dirname, '../../../style/base.css'), 'utf8');
  const blocks = [':root {', ":root[theme-mode='dark'] {"].map((start) => {
    return css.slice(css.indexOf(start), css.indexOf('}', css.indexOf(start)));
  });
  for (const block of blocks) {
    const named = [...block.matchAll(/--map-(\w+): #[0-9a-f]{6};/g)].map(([, state]) => state);
    expect(named.toSorted()).toEqual(MAP_STATES.toSorted());
  }
});
