import { createClient, type Schemas } from '@diskferry/protocol/client';
import { currentLanguage } from '../words/words.ts';
import { ProblemError, problemOf } from './problem.ts';

export type { Schemas } from '@diskferry/protocol/client';

let csrf: string | undefined;

/** What every change must send along; known since the sign-in, or since the page asked who is signed in. */
export function rememberCsrf(value: string | null): void {
  csrf = value ?? undefined;
}

/** The service that this page came from. The session is a cookie, which no script can read. */
export const service = createClient({ baseUrl: '', csrf: () => csrf });

service.use({
  onRequest({ request }) {
    request.headers.set('accept-language', currentLanguage());
    return request;
  },
});

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What was answered. @throws ProblemError where the service refuses or cannot be reached */
export async function answered<Data>(asking: Promise<Answer<Data>>): Promise<NonNullable<Data>> {
  let answer: Answer<Data>;
  try {
    answer = await asking;
  } catch (cause) {
    throw ProblemError.unreachable(cause);
  }
  if (!answer.response.ok) throw new ProblemError(problemOf(answer.error, answer.response.status));
  return answer.data as NonNullable<Data>;
}

export type Migration = Schemas['Migration'];
export type MigrationKind = Migration['kind'];
export type Check = Schemas['Check'];
export type Instance = Schemas['Instance'];
export type Volume = Schemas['Volume'];
export type SeenImage = Schemas['SeenImage'];
export type Problem = Schemas['Problem'];
