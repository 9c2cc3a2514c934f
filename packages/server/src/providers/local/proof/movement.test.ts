import { describe, expect, it } from 'vitest';
import type { Picture } from '../guest/png.ts';
import { looksTheSame, Movement, type Signs } from './movement.ts';

function screen(marks: readonly (readonly [x: number, y: number])[] = []): Picture {
  const [width, height] = [720, 400];
  const rgb = new Uint8Array(3 * width * height);
  for (const [x, y] of marks) rgb[3 * (y * width + x) + 1] = 170;
  return { width, height, rgb };
}

const SIGNS: Signs = { heard: 10, transfers: 100, picture: screen() };

function stillAfter(...seen: readonly Signs[]): number {
  const movement = new Movement(0);
  for (const [index, signs] of seen.entries()) movement.see(signs, 1000 * (index + 1));
  return movement.stillFor(1000 * seen.length);
}

describe('Movement', () => {
  it('counts from when the machine last did something', () => {
    expect(new Movement(500).stillFor(2500)).toBe(2000);
    expect(stillAfter(SIGNS, SIGNS, SIGNS)).toBe(2000);
    expect(stillAfter(SIGNS, SIGNS, { ...SIGNS, heard: 11 })).toBe(0);
    expect(stillAfter(SIGNS, { ...SIGNS, transfers: 101 }, { ...SIGNS, transfers: 101 })).toBe(1000);
    expect(
      stillAfter(SIGNS, SIGNS, {
        ...SIGNS,
        picture: screen([
          [5, 5],
          [300, 5],
        ]),
      }),
    ).toBe(0);
  });

  it('does not take a cursor that blinks for something that goes on', () => {
    const on = {
      ...SIGNS,
      picture: screen([
        [80, 30],
        [88, 30],
        [84, 31],
      ]),
    };
    expect(stillAfter(SIGNS, on, SIGNS, on)).toBe(3000);
  });

  it('does not say that a machine stands still that nobody could look at', () => {
    const unseen = { ...SIGNS, transfers: undefined };
    expect(stillAfter(unseen, unseen, unseen)).toBe(0);
    expect(stillAfter(SIGNS, { ...SIGNS, picture: undefined }, { ...SIGNS, picture: undefined })).toBe(1000);
  });
});

describe('looksTheSame()', () => {
  it.each([
    [
      'one letter',
      [
        [100, 50],
        [115, 81],
      ],
      true,
    ],
    [
      'two letters beside each other',
      [
        [100, 50],
        [116, 50],
      ],
      false,
    ],
    [
      'two rows',
      [
        [100, 50],
        [100, 82],
      ],
      false,
    ],
    ['nothing', [], true],
  ] as const)('%s: %s', (_what, marks, same) => {
    expect(looksTheSame(screen(), screen(marks))).toBe(same);
    expect(looksTheSame(screen(marks), screen())).toBe(same);
  });

  it('sees another mode of the screen', () => {
    expect(looksTheSame(screen(), { width: 640, height: 480, rgb: new Uint8Array(3 * 640 * 480) })).toBe(false);
  });
});
