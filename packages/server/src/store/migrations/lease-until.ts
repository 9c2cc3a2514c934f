import { sql, type RawBuilder } from 'kysely';
import { ServiceError } from '../../base/errors.ts';
import type { Context } from '../database.ts';

/** When a lease of so many milliseconds runs out. */
export function leaseUntil({ now }: Context, leaseMs: number): RawBuilder<number> {
  if (Number.isSafeInteger(leaseMs)) return sql<number>`${now()} + cast(${leaseMs} as bigint)`;
  throw new ServiceError('invalid-request', `a lease of ${leaseMs} ms; whole numbers are allowed`);
}
