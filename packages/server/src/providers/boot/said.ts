import { stripVTControlCharacters } from 'node:util';

const MOST_LINES = 16;
const LONGEST_LINE = 200;

/**
 * What a machine has written, as lines of printable text: a guest may write anything. Firmware moves the cursor where
 * others begin a line, and writes some words twice.
 */
export function linesOf(said: string): string[] {
  const broken = said.replace(CURSOR, '\n').replace(MODE, '').replace(/\r/g, '\n');
  const plain = stripVTControlCharacters(broken).replace(UNPRINTABLE, ' ');
  return plain
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** `ESC [ row ; column H` and its short forms. */
const CURSOR = new RegExp(`${String.fromCharCode(27)}\\[\\d*(?:;\\d*)?[Hf]`, 'g');
/** `ESC [ = 3 h`, which sets the mode of a screen. */
const MODE = new RegExp(`${String.fromCharCode(27)}\\[=\\d*[hl]`, 'g');
/** All but line feeds. */
const UNPRINTABLE = /[^\n\x20-\x7e]+/g;

/** The last lines up to and with `at`, few and short. */
export function linesUpTo(lines: readonly string[], at: number): string[] {
  return lines.slice(Math.max(0, at + 1 - MOST_LINES), at + 1).map(shortened);
}

function shortened(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)} ...`;
}
