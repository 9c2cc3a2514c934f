import { checksText } from '../show/checks.ts';
import { printable } from '../show/table.ts';
import { exitCodeOfProblem, type Problem, ProblemError } from './problem.ts';

/**
 * What a service answers, or what a service that runs in this process threw: a code, a sentence and a remedy. Other errors
 * are left to others.
 * @returns the exit code, where it was one of these
 */
export function reportServiceError(error: unknown, how: { readonly json: boolean }): number | undefined {
  if (error instanceof ProblemError) {
    report(error.problem, how);
    return exitCodeOfProblem(error.problem);
  }
  if (!isOfService(error)) return undefined;
  report({ title: error.message, status: 500, code: error.code, remedy: error.remedy ?? error.hint ?? '' }, how);
  return 1;
}

type OwnError = Error & { readonly code: string; readonly remedy?: string; readonly hint?: string };

/** Not by their classes: these are loaded with the service alone, and most calls of the command need none of it. */
function isOfService(error: unknown): error is OwnError {
  return error instanceof Error && (error.name === 'ServiceError' || error.name === 'ProviderError') && 'code' in error;
}

function report(problem: Problem, { json }: { readonly json: boolean }): void {
  const { title, detail, code, remedy = '', errors = [], checks = [] } = problem;
  if (json) {
    process.stderr.write(`${JSON.stringify({ error: problem })}\n`);
    return;
  }
  const lines = [
    `diskferry: ${printable(checks.length > 0 ? title : (detail ?? title))}`,
    ...errors.map(({ pointer, detail: fault }) => `  ${printable(pointer)}: ${printable(fault)}`),
    ...(remedy === '' ? [] : [`  ${printable(remedy)}`]),
    `  [${code}]`,
  ];
  process.stderr.write(`${lines.join('\n')}\n${checksText(checks, { all: false })}`);
}
