import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Act } from '../../providers/provider.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../guard/guard.ts';
import { type KeyHeader, scopedKey } from '../headers.ts';

/**
 * The operation of a request: under its key where it has one, so that sending it again adopts what it made. Whoever asked
 * may leave: what was begun is brought to its end, unless the service ends.
 */
export function actOf(
  request: Pick<FastifyRequest, 'principal'> & { readonly headers: Static<typeof KeyHeader> },
  { closing }: Pick<Context, 'closing'>,
): Act {
  return { key: scopedKey(request.headers, principalOf(request)) ?? randomUUID(), signal: closing };
}
