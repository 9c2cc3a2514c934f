import type { MapState } from '@diskferry/protocol';
import type { ShownMap } from './shown-map.ts';

export const COLUMNS = 64;
/** Smaller ones would run into each other. In pixels of the screen. */
const LEAST_CELL = 4;

/**
 * Draws the grid into the width that there is, in the colours that the style sheet gives it: in whole pixels of the screen,
 * since cells of different widths would be taken for a pattern of the disk.
 */
export function drawMap(canvas: HTMLCanvasElement, { runs, cells }: ShownMap): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ratio = window.devicePixelRatio;
  const side = Math.max(LEAST_CELL, Math.floor(((canvas.parentElement?.clientWidth ?? 0) * ratio) / COLUMNS));
  const width = side * Math.min(cells, COLUMNS);
  const height = side * Math.ceil(cells / COLUMNS);
  // Setting the size clears it, even where it is the same.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.style.width = `${width / ratio}px`;
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  const gap = Math.max(1, Math.round(side / 10));
  let cell = 0;
  for (const [state, count] of runs) {
    context.fillStyle = style.getPropertyValue(`--map-${state}`).trim();
    for (const end = cell + count; cell < end; cell++) {
      const place = { x: (cell % COLUMNS) * side, y: Math.floor(cell / COLUMNS) * side, side: side - gap };
      drawCell(context, place, state);
    }
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** What failed is not told by its colour alone: it has a hole in the middle. */
function drawCell(context: CanvasRenderingContext2D, { x, y, side }: Place, state: MapState): void {
  context.fillRect(x, y, side, side);
  if (state !== 'failed') return;
  const edge = Math.max(1, Math.floor(side / 3));
  context.clearRect(x + edge, y + edge, side - 2 * edge, side - 2 * edge);
}
