import type { Schemas } from '@diskferry/protocol/client';

export type Problem = Schemas['Problem'];

/** The service has refused, and says why; or it could not be reached (`status` 0). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem, options: ErrorOptions = {}) {
    super(problem.title, options);
    this.problem = problem;
  }

  static unreachable(cause: unknown): ProblemError {
    return new ProblemError(bare('unreachable', 0), { cause });
  }
}

/** An answer that is no problem document came from something in between. */
export function problemOf(body: unknown, status: number): Problem {
  const found = body as Partial<Problem> | null | undefined;
  if (typeof found?.code === 'string' && typeof found.title === 'string') return found as Problem;
  return bare('unexpected-answer', status);
}

function bare(code: string, status: number): Problem {
  return { type: 'about:blank', title: code, status, detail: '', code, remedy: '' };
}

/** A field's own error, by the JSON pointer of the request. */
export function fieldError(problem: Problem | undefined, pointer: string): string | undefined {
  return problem?.errors?.find((error) => error.pointer === pointer)?.detail;
}
