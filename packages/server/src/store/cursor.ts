import { ServiceError } from '../base/errors.ts';

/** A page goes on below a number that creation gave, so what is created meanwhile shifts nothing. */
export function encodeCursor(seq: number): string {
  return Buffer.from(`before:${seq}`).toString('base64url');
}

export function decodeCursor(cursor: string): number {
  const found = /^before:([1-9]\d{0,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  const seq = Number(found?.[1]);
  if (found && Number.isSafeInteger(seq)) return seq;
  throw new ServiceError('invalid-cursor', 'the cursor was not made by this list: take `next` of the page before');
}
