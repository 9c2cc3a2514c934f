import { ACTION_ROLES, may, type AccessAction } from '@diskferry/protocol';
import { SignInInput, WhoView } from '@diskferry/protocol/schemas';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Principal, Session } from '../../access/access.ts';
import { ServiceError } from '../../base/errors.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { principalOf } from '../guard/guard.ts';
import { clearSessionCookie, sessionCookie, setSessionCookie } from '../guard/session-cookie.ts';

const tags = ['session'];

export function sessionRoutes(api: Api, { stores: { access }, door }: Context): void {
  api.route({
    method: 'POST',
    url: '/session',
    config: { may: 'anyone', audit: 'sign-in' },
    schema: {
      operationId: 'signIn',
      summary: 'Sign in by name and password, or by the code of a one-time link',
      tags,
      body: SignInInput,
      response: { 201: WhoView },
    },
    handler: async (request, reply) => {
      const session = await signedIn(request, request.body);
      request.principal = session.principal;
      setSessionCookie(reply, session, door.secureCookies);
      reply.code(201);
      return whoView({ ...session.principal, csrf: session.csrf });
    },
  });

  async function signedIn(request: FastifyRequest, { name, password, code }: SignInInput): Promise<Session> {
    request.audited.who = name ?? 'by link';
    if (code !== undefined && name === undefined && password === undefined) {
      return await access.signInByLink(code, request.ip);
    }
    if (code === undefined && name !== undefined && password !== undefined) {
      return await access.signIn(name, password, request.ip);
    }
    throw new ServiceError('invalid-request', 'name and password are needed, or a code and nothing else', { at: '' });
  }

  api.route({
    method: 'GET',
    url: '/session',
    config: { may: 'signed-in' },
    schema: { operationId: 'whoAmI', summary: 'Who is signed in, and what they may', tags, response: { 200: WhoView } },
    handler: async (request) => whoView(principalOf(request)),
  });

  api.route({
    method: 'DELETE',
    url: '/session',
    config: { may: 'signed-in', audit: 'sign-out' },
    schema: { operationId: 'signOut', summary: 'Sign out', tags, response: { 204: Type.Null() } },
    handler: async (request, reply) => {
      const cookie = sessionCookie(request, door.secureCookies);
      if (cookie !== undefined) await access.signOut(cookie);
      clearSessionCookie(reply, door.secureCookies);
      return reply.code(204).send(null);
    },
  });
}

function whoView({
  kind,
  id,
  name,
  role,
  csrf = null,
}: Omit<Principal, 'csrf'> & { readonly csrf?: string | null }): WhoView {
  const allowed = (Object.keys(ACTION_ROLES) as AccessAction[]).filter((action) => may(role, action));
  return { kind, id, name, role, csrf, may: allowed };
}
