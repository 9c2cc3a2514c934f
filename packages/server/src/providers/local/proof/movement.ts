import type { Picture } from '../guest/png.ts';

/** The largest letter of a console: a cursor that blinks changes no more of the screen. */
const CELL = { width: 16, height: 32 } as const;

/** What of a machine shows that something goes on in it. */
export interface Signs {
  /** How much it has said. */
  readonly heard: number;
  /** How often it has read or written; undefined where nobody could look, which is no sign that it stands still. */
  readonly transfers: number | undefined;
  readonly picture: Picture | undefined;
}

/**
 * Since when a machine stands still: it says nothing, its screen shows the same, and it neither reads nor writes. One that
 * waits for something that will not come looks like that, and so does one that is up and does not show it.
 */
export class Movement {
  #last: Signs | undefined;
  #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  see(signs: Signs, now: number): void {
    if (this.#last !== undefined && !hasMoved(this.#last, signs)) return;
    this.#last = signs;
    this.#since = now;
  }

  stillFor(now: number): number {
    return now - this.#since;
  }
}

function hasMoved(before: Signs, after: Signs): boolean {
  if (before.heard !== after.heard || after.transfers === undefined || before.transfers !== after.transfers)
    return true;
  if (before.picture === undefined || after.picture === undefined) return before.picture !== after.picture;
  return !looksTheSame(before.picture, after.picture);
}

/** But for one letter. */
export function looksTheSame(one: Picture, other: Picture): boolean {
  if (one === other) return true;
  if (one.width !== other.width || one.height !== other.height) return false;
  let [left, right, top, bottom] = [one.width, -1, one.height, -1];
  for (let at = 0; at < one.rgb.length; at += 3) {
    if (isSamePoint(one.rgb, other.rgb, at)) continue;
    const [x, y] = [(at / 3) % one.width, Math.floor(at / 3 / one.width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    if (right - left >= CELL.width || bottom - top >= CELL.height) return false;
  }
  return true;
}

function isSamePoint(one: Uint8Array, other: Uint8Array, at: number): boolean {
  return one[at] === other[at] && one[at + 1] === other[at + 1] && one[at + 2] === other[at + 2];
}
