import { DiskferryError } from '@diskferry/engine';
import { formatBytes } from './units.ts';

export interface Overwrite {
  readonly label: string;
  readonly size: number;
  /** What is seen on the target. */
  readonly sight: string;
  /** Agreed to by a flag. */
  readonly agreed: boolean;
  /** Whether it may be said on standard error; a program reads it in the report. */
  readonly quiet: boolean;
  /** The flag that would agree. */
  readonly flag: string;
  readonly signal: AbortSignal;
}

/**
 * Says what will be destroyed and has it agreed to: by flag, or on a terminal by typing `yes`.
 * @returns what was on it
 * @throws DiskferryError `target-occupied`
 */
export async function agreeToOverwrite(what: Overwrite): Promise<string> {
  const sight = `${what.label} (${formatBytes(what.size)}): ${what.sight}`;
  if (what.agreed) {
    if (!what.quiet) process.stderr.write(`diskferry: ${sight} It is overwritten.\n`);
    return what.sight;
  }
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new DiskferryError('target-occupied', sight, { hint: `${what.flag} overwrites it.` });
  }
  process.stderr.write(`diskferry: ${sight}\nAll of it will be lost. `);
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Overwrite it? Type yes: ', { signal: what.signal });
    if (answer.trim().toLowerCase() !== 'yes')
      throw new DiskferryError('target-occupied', `${sight} Nothing was written.`);
  } finally {
    terminal.close();
  }
  return what.sight;
}
