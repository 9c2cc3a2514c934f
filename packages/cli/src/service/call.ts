import { type ApiClient, createClient } from '@diskferry/protocol/client';
import { DiskferryError } from '@diskferry/engine';
import { connectionOf, type ConnectionFlags } from './connection.ts';
import { asProblem, ProblemError } from './problem.ts';

/** A call of the generated client: what it answers, or a problem. */
interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The answer to a call.
 * @throws ProblemError what the service says; DiskferryError `service-unreachable` where none answers
 */
export async function answerOf<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await call;
  } catch (cause) {
    throw asUnreachable(cause);
  }
  if (answer.response.ok) return answer.data as Data;
  throw new ProblemError(asProblem(answer.error, answer.response.status));
}

export function asUnreachable(cause: unknown): unknown {
  if (!(cause instanceof TypeError)) return cause;
  const why = cause.cause instanceof Error ? cause.cause.message : cause.message;
  const { code } = (cause.cause ?? {}) as { readonly code?: string };
  if (/CERT|SIGNED|ALTNAME/.test(code ?? '')) {
    const hint = 'Put the certificate, or that of its authority, into a file that NODE_EXTRA_CA_CERTS names.';
    return new DiskferryError('service-unreachable', `the certificate of the service is not trusted: ${code}`, {
      cause,
      hint,
    });
  }
  return new DiskferryError('service-unreachable', `no service of Diskferry answers: ${why}`, { cause });
}

export async function clientOf(flags: ConnectionFlags, signal: AbortSignal): Promise<ApiClient> {
  const { server: baseUrl, token } = await connectionOf(flags, process.env);
  const language = languageOf(process.env);
  return createClient({ baseUrl, token, language, fetch: (request) => fetch(new Request(request, { signal })) });
}

/** By the locale of the terminal: `ja_JP.UTF-8` is ja. */
export function languageOf(env: NodeJS.ProcessEnv): string {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^(ja|zh)/.exec(locale)?.[1] ?? 'en';
}
