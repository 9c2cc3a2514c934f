import type { CaseSummary, RowSummary } from './summary.ts';
import { MIB } from './units.ts';

const HEAD = ['case', 'who', 'wall s', 'CPU s', 'peak MiB', 'times the best peer', 'of the limit'] as const;

/** A markdown table of all cases whose columns also line up on a terminal, and under it what was to be reached. */
export function formatTable(cases: readonly CaseSummary[]): string {
  const lines = cases.flatMap((summary) => [...summary.rows.map((row) => cells(summary, row)), limitCells(summary)]);
  const widths = HEAD.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]!.length))); // all have a cell for each title
  const rule = widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [HEAD, rule, ...lines].map((line) => aligned(line, widths)).join('\n');
}

/** One line for each thing to be reached, and for each one that took no part. */
export function formatVerdicts(cases: readonly CaseSummary[]): string {
  return cases
    .flatMap(({ name, verdicts, rows }) => [
      ...verdicts.map(
        ({ goal, found, isReached }) => `- ${isReached ? 'reached' : 'MISSED '} ${name}: ${goal}: ${found}`,
      ),
      ...rows.flatMap((row) => (row.leftOut === undefined ? [] : [`- left out ${name}: ${row.name}: ${row.leftOut}`])),
    ])
    .join('\n');
}

function cells({ name }: CaseSummary, { name: who, median, overBestPeer, overLimit }: RowSummary): string[] {
  return [
    name,
    who,
    seconds(median?.wallSeconds),
    seconds(median?.cpuSeconds),
    median === undefined ? '' : String(Math.round(median.peakBytes / MIB)),
    ratio(overBestPeer),
    ratio(overLimit),
  ];
}

function limitCells({ name, limitSeconds }: CaseSummary): string[] {
  return [name, 'limit', seconds(limitSeconds), '', '', '', ''];
}

function aligned(line: readonly string[], widths: readonly number[]): string {
  const padded = line.map((cell, column) =>
    column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
  ); // as many widths as cells
  return `| ${padded.join(' | ')} |`;
}

function seconds(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}

function ratio(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}
