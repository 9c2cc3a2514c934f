import type { BootProof } from '@diskferry/protocol';
import { linesOf, linesUpTo } from './said.ts';
import { BOOTED, FAILED, ON_THE_WAY, type Sign } from './signs.ts';

/** What is known of a machine that was started. Nothing of it is believed but what the signs say. */
export interface Witness {
  /** What it wrote to its serial port: the last of it. */
  readonly serial: string;
  /** What stands on its screen, where that shows text; rows end with line feeds. */
  readonly screen: string;
  readonly hasBlueScreen: boolean;
}

export type Judged = Pick<BootProof, 'verdict' | 'reached' | 'evidence'>;

/**
 * What became of a machine, as far as it can be told. Pure. The first sign of an end counts: what is written behind it is
 * written by something else. `unknown`: there is no such sign (yet).
 */
export function judgeBoot({ serial, screen, hasBlueScreen }: Witness): Judged {
  const [said, shown] = [linesOf(serial), linesOf(screen)];
  const ended = firstEnd(said) ?? firstEnd(shown);
  if (ended !== undefined) return ended;
  if (hasBlueScreen) return { verdict: 'failed', reached: 'blue-screen', evidence: ['the screen shows a stop error'] };
  const evidence = linesUpTo(said, said.length - 1);
  const silent = said.length === 0 ? ['nothing on the serial console'] : [];
  const seen = shown.length === 0 ? [] : ['on the screen:', ...linesUpTo(shown, shown.length - 1).slice(-4)];
  return { verdict: 'unknown', reached: farthest([...said, ...shown]), evidence: [...evidence, ...silent, ...seen] };
}

const has = (signs: readonly Sign[], line: string) => signs.find(({ pattern }) => pattern.test(line));

function firstEnd(lines: readonly string[]): Judged | undefined {
  for (const [at, line] of lines.entries()) {
    const [booted, failed] = [has(BOOTED, line), has(FAILED, line)];
    const sign = booted ?? failed;
    if (sign === undefined) continue;
    return { verdict: booted ? 'booted' : 'failed', reached: sign.reached, evidence: linesUpTo(lines, at) };
  }
  return undefined;
}

function farthest(lines: readonly string[]): BootProof['reached'] {
  const found = ON_THE_WAY.find(({ pattern }) => lines.some((line) => pattern.test(line)));
  return found?.reached ?? (lines.length === 0 ? 'nothing' : 'firmware');
}
