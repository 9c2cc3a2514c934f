/** Rows under a heading, each column as wide as its widest cell. Numbers stand to the right where `right` names them. */
export function tableOf(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => widthOf(row[column] ?? ''))));
  return [heading, ...rows].map((row) => lineOf(row, widths, right)).join('');
}

function lineOf(row: readonly string[], widths: readonly number[], right: readonly number[]): string {
  const cells = row.map((cell, column) => {
    const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
    return right.includes(column) ? gap + cell : cell + gap;
  });
  return `${cells.join('  ').trimEnd()}\n`;
}

/** Columns of a terminal: letters of Chinese and Japanese take two (Unicode annex 11, W and F). */
export function widthOf(text: string): number {
  return [...text].reduce((width, letter) => width + (WIDE.test(letter) ? 2 : 1), 0);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Names and values, one to a line, the values under each other. */
export function factsOf(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...facts.map(([name]) => widthOf(name)));
  return facts.map(([name, value]) => `${name}${' '.repeat(width - widthOf(name))}  ${value}\n`).join('');
}

/** What strangers have named, so that it cannot steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '·');
}
