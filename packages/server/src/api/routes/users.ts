import { ById, SignInCode, UserChange, UserInput, UserList, UserView } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import { ServiceError } from '../../base/errors.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';

const tags = ['users'];

export function userRoutes(api: Api, context: Context): void {
  making(api, context);
  changing(api, context);
}

function making(api: Api, { stores: { access } }: Context): void {
  api.route({
    method: 'GET',
    url: '/users',
    config: { may: 'user.read' },
    schema: { operationId: 'listUsers', summary: 'List users', tags, response: { 200: UserList } },
    handler: async () => ({ items: [...(await access.listUsers())] }),
  });

  api.route({
    method: 'POST',
    url: '/users',
    config: { may: 'user.create' },
    schema: {
      operationId: 'createUser',
      summary: 'Create a user',
      tags,
      body: UserInput,
      response: { 201: UserView },
    },
    handler: async (request, reply) => {
      const { name, role } = request.body;
      request.audited.detail = `${name} as ${role}`;
      const user = await access.createUser(request.body);
      request.audited.target = `user:${user.id}`;
      reply.code(201);
      return user;
    },
  });
}

function changing(api: Api, { stores: { access } }: Context): void {
  api.route({
    method: 'PATCH',
    url: '/users/:id',
    config: { may: 'user.change' },
    schema: {
      operationId: 'changeUser',
      summary: 'Change role or password, or disable; ends the sessions',
      tags,
      params: ById,
      body: UserChange,
      response: { 200: UserView },
    },
    handler: async (request) => {
      const { id } = request.params;
      request.audited.target = `user:${id}`;
      request.audited.detail = describeChange(request.body);
      return await access.changeUser(id, request.body);
    },
  });

  api.route({
    method: 'DELETE',
    url: '/users/:id',
    config: { may: 'user.delete' },
    schema: {
      operationId: 'deleteUser',
      summary: 'Delete a user, with sessions and tokens',
      tags,
      params: ById,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      request.audited.target = `user:${request.params.id}`;
      await access.deleteUser(request.params.id);
      return reply.code(204).send(null);
    },
  });

  api.route({
    method: 'POST',
    url: '/users/:id/sign-in-link',
    config: { may: 'user.change' },
    schema: {
      operationId: 'createSignInLink',
      summary: 'A code that signs in once, within a quarter of an hour',
      tags,
      params: ById,
      response: { 201: SignInCode },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      request.audited.target = `user:${id}`;
      request.audited.detail = 'sign-in link';
      const user = (await access.listUsers()).find((one) => one.id === id);
      if (user === undefined) throw new ServiceError('not-found', `there is no user ${id}`);
      reply.code(201);
      return await access.createSignInLink(user.name);
    },
  });
}

/** That there is a new password, never which. */
function describeChange({ role, password, disabled }: UserChange): string {
  const said = [
    role === undefined ? [] : `role ${role}`,
    password === undefined ? [] : 'new password',
    disabled === undefined ? [] : disabled ? 'disabled' : 'enabled',
  ];
  return said.flat().join(', ');
}
