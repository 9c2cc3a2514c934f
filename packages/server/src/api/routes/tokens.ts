import { ById, NewToken, TokenInput, TokenList } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { principalOf } from '../guard/guard.ts';

const tags = ['tokens'];

export function tokenRoutes(api: Api, { stores: { access } }: Context): void {
  api.route({
    method: 'GET',
    url: '/tokens',
    config: { may: 'token.read' },
    schema: { operationId: 'listTokens', summary: 'List tokens', tags, response: { 200: TokenList } },
    handler: async () => ({ items: [...(await access.listTokens())] }),
  });

  api.route({
    method: 'POST',
    url: '/tokens',
    config: { may: 'token.create' },
    schema: {
      operationId: 'createToken',
      summary: 'Create a token; its secret is shown this once',
      tags,
      body: TokenInput,
      response: { 201: NewToken },
    },
    handler: async (request, reply) => {
      const { name, role, expiresAt = null } = request.body;
      request.audited.detail = `${name} as ${role}`;
      const made = await access.createToken({ name, role, expiresAt }, principalOf(request));
      request.audited.target = `token:${made.token.id}`;
      reply.code(201);
      return made;
    },
  });

  api.route({
    method: 'DELETE',
    url: '/tokens/:id',
    config: { may: 'token.delete' },
    schema: {
      operationId: 'deleteToken',
      summary: 'Delete a token: it is worth nothing any more',
      tags,
      params: ById,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      request.audited.target = `token:${request.params.id}`;
      await access.deleteToken(request.params.id);
      return reply.code(204).send(null);
    },
  });
}
