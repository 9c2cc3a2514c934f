import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { Type, type Static } from 'typebox';
import type { Principal } from '../access/access.ts';

/** Sent again under its key, a request that makes something gives what was made. */
export const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '^[\\u0020-\\u007e]+$' })),
});
type KeyHeader = Static<typeof KeyHeader>;

/** The same key of somebody else is another one. A digest: a provider takes 64 characters. */
export function scopedKey(headers: KeyHeader, { kind, id }: Principal): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  return createHash('sha256').update(`${kind}:${id}:${key}`).digest('hex');
}

/** The version of what the person looked at, as its ETag. */
export const VersionHeader = Type.Object({
  'if-match': Type.Optional(Type.String({ pattern: '^("[0-9]{1,15}"|\\*)$' })),
});

export function versionOf(headers: Static<typeof VersionHeader>): number | undefined {
  const found = /\d+/.exec(headers['if-match'] ?? '')?.[0];
  return found === undefined ? undefined : Number(found);
}

export function withVersion(reply: FastifyReply, { version }: { readonly version: number }): void {
  reply.header('etag', `"${version}"`);
}

/** What a client of an event stream had last, when it comes again. */
export const LastEventHeader = Type.Object({
  'last-event-id': Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
});

export function lastEventOf(headers: Static<typeof LastEventHeader>): number | undefined {
  const given = headers['last-event-id'];
  return given === undefined ? undefined : Number(given);
}
