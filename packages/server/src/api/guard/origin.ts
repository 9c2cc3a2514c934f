import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ServiceError } from '../../base/errors.ts';
import type { Door } from '../parts.ts';

/**
 * A page of somebody else can have a browser send requests here, and its cookies with them. Three things stand against
 * that: cookies are SameSite=Strict, `Origin` must be ours, and a session sends along a number that only our pages know.
 */
export function requireOwnOrigin({ headers, host, protocol }: FastifyRequest, door: Door): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const trusted = origin !== undefined && door.trustedOrigins.includes(origin);
  if (trusted || (origin === undefined && site === undefined)) return;
  const own = origin === undefined || origin === `${protocol}://${host}`;
  if (own && (site === undefined || site === 'same-origin' || site === 'none')) return;
  throw new ServiceError('csrf-refused', 'the request was sent by a page of another origin');
}

export function requireCsrf({ headers }: FastifyRequest, expected: string | undefined): void {
  const sent = headers['x-csrf-token'];
  if (typeof sent === 'string' && expected !== undefined && sameText(sent, expected)) return;
  throw new ServiceError('csrf-refused', 'the header X-CSRF-Token is missing, or of another session');
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Against pages that have a name of their own point to this machine (DNS rebinding). */
export function requireKnownHost({ hostname }: FastifyRequest, { hosts }: Door): void {
  if (hosts === null || hosts.includes(bare(hostname ?? ''))) return;
  throw new ServiceError(
    'host-not-allowed',
    `the service does not answer as ${JSON.stringify((hostname ?? '').slice(0, 100))}`,
  );
}

/** Without the port and the dot of an absolute name. */
function bare(hostname: string): string {
  return hostname.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}
