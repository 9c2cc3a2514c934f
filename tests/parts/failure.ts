import { expect } from 'vitest';
import { diskferry, type Finished, type How } from './command.ts';

/** What a failed run says with `--json`. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly retry: string;
  readonly offset?: number;
}

/** Runs the command with `--json` and demands this exit code, and one JSON object as all that it says. */
export async function fails(args: readonly string[], exitCode: number, how: How = {}): Promise<Failure> {
  return failureOf(await diskferry([...args, '--json'], how), exitCode);
}

export function failureOf(finished: Finished, exitCode: number): Failure {
  expect(finished.code, finished.stderr).toBe(exitCode);
  expect(finished.stdout).toBe('');
  const lines = finished.stderr.trimEnd().split('\n');
  expect(lines, 'lines on standard error').toHaveLength(1);
  const { error, ...rest } = JSON.parse(lines[0] ?? '') as { error: Failure };
  expect(rest).toEqual({});
  expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String), hint: expect.any(String) });
  expect(['now', 'later', 'never']).toContain(error.retry);
  expect(Object.keys(error).every((key) => ['code', 'message', 'hint', 'retry', 'offset'].includes(key))).toBe(true);
  return error;
}
