import { ServiceError } from '../../base/errors.ts';

/** A page of a list that is held whole, in the order of ids: what is made or deleted meanwhile shifts nothing. */
export function pageOf<Thing extends { readonly id: string }>(
  things: readonly Thing[],
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
): { items: Thing[]; next: string | null } {
  const after = cursor === undefined ? '' : decode(cursor);
  const rest = things.filter(({ id }) => id > after).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rest.length > limit && last !== undefined ? encode(last.id) : null };
}

function encode(id: string): string {
  return Buffer.from(`after:${id}`).toString('base64url');
}

function decode(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw new ServiceError('invalid-cursor', 'the cursor was not made by this list: take `next` of the page before');
}
