import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../access/access.ts';
import { ServiceError } from '../../base/errors.ts';
import type { Api } from '../fastify.ts';
import type { ApiParts } from '../parts.ts';
import { requireCsrf, requireKnownHost, requireOwnOrigin } from './origin.ts';
import { requireMay } from './role.ts';
import { isSafe } from './safe.ts';
import { sessionCookie } from './session-cookie.ts';

/** Stands before every route, and before anything of a body is read. A route that does not say who may is a fault of ours. */
export function guard(api: Api, { stores, door }: ApiParts): void {
  api.decorateRequest('principal', null);
  api.addHook('onRoute', ({ config, method, url }) => {
    if (config?.may === undefined) throw new TypeError(`${String(method)} ${url} does not say who may`);
  });
  api.addHook('onRequest', async (request) => {
    requireKnownHost(request, door);
    const may = request.routeOptions.config.may ?? 'anyone';
    const changes = !isSafe(request.method);
    const token = bearerOf(request);
    if (changes && token === undefined) requireOwnOrigin(request, door);
    if (may === 'anyone') return;
    request.principal = (await principalOf(request, token)) ?? null;
    const { principal } = request;
    if (principal === null) throw new ServiceError('not-signed-in', 'nobody is signed in');
    if (may !== 'signed-in') requireMay(principal, may);
    if (changes && token === undefined) requireCsrf(request, principal.csrf);
  });

  async function principalOf(request: FastifyRequest, token: string | undefined): Promise<Principal | undefined> {
    if (token !== undefined) return await stores.access.principalOfToken(token);
    const cookie = sessionCookie(request, door.secureCookies);
    return cookie === undefined ? undefined : await stores.access.principalOfSession(cookie);
  }
}

/** Who sends a token means it: a session is then not looked for. Anything else in the header is a token that is not valid. */
function bearerOf({ headers }: FastifyRequest): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  return /^Bearer ([\x21-\x7e]{1,500})$/i.exec(authorization)?.[1] ?? '';
}

/** The principal of a route that nobody reaches without one. */
export function principalOf({ principal }: Pick<FastifyRequest, 'principal'>): Principal {
  if (principal !== null) return principal;
  throw new TypeError('the route lets anyone in, and asks who it is');
}
