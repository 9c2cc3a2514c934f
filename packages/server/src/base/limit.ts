import { ServiceError } from './errors.ts';

const MOST = 500;

/** How many of a list are given at once. */
export function requireLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return;
  throw new ServiceError('invalid-request', `limit is ${limit}; whole numbers from 1 to ${MOST} are allowed`);
}
