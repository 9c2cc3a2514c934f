import { ServiceError } from '../base/errors.ts';

/** A page goes on below a number that creation gave, so what is created meanwhile shifts nothing. */
export function encodeCursor(seq: number): string {
  return Buffer.from(`before:${seq}`).toString('base64url');
}

export function decodeCursor(cursor: string): number {
  const found = /^before:([1-9]\d{0,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  const seq = Number(found?.[1]);
  if (found && Number.isSafeInteger(seq)) return seq;
  throw strangeCursor();
}

/** The same, in the order of when something was seen: things seen at one moment by their ids. */
export function encodeSeenCursor({ at, id }: SeenCursor): string {
  return Buffer.from(`before:${at}:${id}`).toString('base64url');
}

export function decodeSeenCursor(cursor: string): SeenCursor {
  const found = /^before:(\d{1,15}):(img-[0-9a-f]{16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (found?.[1] !== undefined && found[2] !== undefined) return { at: Number(found[1]), id: found[2] };
  throw strangeCursor();
}

export interface SeenCursor {
  readonly at: number;
  readonly id: string;
}

function strangeCursor(): ServiceError {
  return new ServiceError('invalid-cursor', 'the cursor was not made by this list: take `next` of the page before');
}
