import { type RefObject, useEffect, useRef } from 'react';
import { drawMap } from './draw-map.ts';
import type { ShownMap } from './shown-map.ts';

/** Draws in the next frame of the screen, and only where the map, the width or the colours are others than before. */
export function useDrawnMap(map: ShownMap): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef(map);
  const request = useRef<() => void>(() => undefined);
  // What is told again and again is mostly the same.
  const content = JSON.stringify(map.runs);

  useEffect(() => {
    let frame: number | undefined;
    const draw = () => {
      frame = undefined;
      if (canvas.current !== null) drawMap(canvas.current, drawn.current);
    };
    request.current = () => void (frame ??= requestAnimationFrame(draw));
    const forget = whenLooksChange(canvas.current, () => request.current());
    return () => {
      forget();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, []);

  useEffect(() => {
    drawn.current = map;
    request.current();
    // `map` is another object at every look.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [content]);

  return canvas;
}

function whenLooksChange(canvas: HTMLCanvasElement | null, tell: () => void): () => void {
  const place = canvas?.parentElement;
  if (place == null) return () => undefined;
  const widths = new ResizeObserver(tell);
  widths.observe(place);
  const themes = new MutationObserver(tell);
  themes.observe(document.documentElement, { attributeFilter: ['theme-mode'] });
  return () => {
    widths.disconnect();
    themes.disconnect();
  };
}
