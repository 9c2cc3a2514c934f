import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '../../access/access.ts';

/** `__Host-` under TLS: the browser then takes it only from this very host, over https. */
const nameOf = (secure: boolean) => (secure ? '__Host-diskferry' : 'diskferry');

export function sessionCookie({ headers }: FastifyRequest, secure: boolean): string | undefined {
  const wanted = `${nameOf(secure)}=`;
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length);
  return value === undefined || value === '' || value.length > 500 ? undefined : value;
}

export function setSessionCookie(reply: FastifyReply, { cookie, expiresAt }: Session, secure: boolean): void {
  const seconds = Math.max(0, Math.floor((expiresAt - Date.now()) / 1000));
  reply.header('set-cookie', `${nameOf(secure)}=${cookie}; ${attributes(secure)}; Max-Age=${seconds}`);
}

export function clearSessionCookie(reply: FastifyReply, secure: boolean): void {
  reply.header('set-cookie', `${nameOf(secure)}=; ${attributes(secure)}; Max-Age=0`);
}

function attributes(secure: boolean): string {
  return `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}
