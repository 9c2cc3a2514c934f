import { ServiceError } from './errors.ts';

/** Control characters belong into no name; PostgreSQL cannot even keep all of them. */
export function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

export function requirePrintable(what: string, text: string): void {
  if (isPrintable(text)) return;
  throw new ServiceError('invalid-request', `${what} ${JSON.stringify(text)} has control characters`);
}
