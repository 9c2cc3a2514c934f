import type { Schemas } from '@diskferry/protocol/client';

/** What the service answers when it does not do what was asked (RFC 9457). */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly remedy?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  /** What stands in the way, where a preflight found it. */
  readonly checks?: readonly Schemas['Check'][];
}

/** A refusal of the service, with its own code and remedy. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** 2: what was asked cannot be. 3: a check forbids it. 1: it did not work, and may at another time. */
export function exitCodeOfProblem({ code, status }: Problem): number {
  if (code === 'preflight-blocked' || code === 'warnings-not-accepted') return 3;
  return status >= 500 || [401, 403, 408, 409, 429].includes(status) ? 1 : 2;
}

export function asProblem(body: unknown, status: number): Problem {
  if (typeof body === 'object' && body !== null && 'code' in body && 'title' in body) return body as Problem;
  return { title: `The server answers ${status}, and not like a service of Diskferry.`, status, code: 'not-a-service' };
}
