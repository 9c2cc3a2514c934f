import { ServiceError } from '../base/errors.ts';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html): the lowest byte of `errcode`. */
const SQLITE: ReadonlySet<number> = new Set([
  5, // busy: another writes, and did for 10 seconds
  8, // read-only
  10, // the disk has an error
  13, // the disk is full
  14, // the file cannot be opened
  15, // locked out of the log ahead of the file
]);

/** Classes and codes of PostgreSQL (its manual, appendix A), by how they begin. */
const POSTGRES = [
  '08', // connection
  '25006', // read-only: a standby
  '28', // not let in any more
  '3D', // the database is not there
  '53', // disk full, out of memory, too many connections
  '57P', // shutting down, crashed, starting
  '58', // the disk has an error
];

/** Of connections and files, by Node. */
const SYSTEM = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT ENOENT EACCES ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH ENOSPC'.split(
    ' ',
  ),
);

/** What `pg` says of a connection that is gone has no code. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the database cannot be reached or written at the moment, as opposed to a fault of the statement. */
export function isUnavailable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  // Of a host with several addresses: none of them answered.
  if (thrown instanceof AggregateError) return thrown.errors.length > 0 && thrown.errors.every(isUnavailable);
  if (thrown instanceof ServiceError) return thrown.code === 'store-unavailable';
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown };
  if (typeof errcode === 'number') return SQLITE.has(errcode % 256);
  if (typeof code !== 'string') return LOST.test(thrown.message);
  // Those of PostgreSQL have five characters and a digit among them; EPIPE has none.
  if (/^(?=.*\d)[0-9A-Z]{5}$/.test(code)) return POSTGRES.some((begin) => code.startsWith(begin));
  return SYSTEM.has(code);
}

export function asServiceError(thrown: unknown): unknown {
  if (!isUnavailable(thrown) || thrown instanceof ServiceError) return thrown;
  const first: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  const why = first instanceof Error ? first.message : 'the connection failed';
  return new ServiceError('store-unavailable', `the database cannot be used: ${why}`, { cause: thrown });
}

/** The same calls; where the database cannot be used they throw `store-unavailable`. */
export function guarded<T extends object>(part: T): T {
  const calls = Object.entries(part).map(([name, member]: [string, unknown]) => [name, guardedMember(member)]);
  return Object.fromEntries(calls) as T;
}

function guardedMember(member: unknown): unknown {
  if (typeof member === 'object' && member !== null) return guarded(member);
  if (typeof member !== 'function') return member;
  return async (...given: unknown[]): Promise<unknown> => {
    try {
      return await (member as (...all: unknown[]) => unknown)(...given);
    } catch (thrown) {
      throw asServiceError(thrown);
    }
  };
}
