import { ById, MigrationInput, MigrationPage, MigrationQuery, MigrationView } from '@diskferry/protocol/schemas';
import type { Context } from '../context.ts';
import { createMigration } from '../creating/create-migration.ts';
import type { Api } from '../fastify.ts';
import { whileAsked } from '../gone.ts';
import { principalOf } from '../guard/guard.ts';
import { KeyHeader, scopedKey, withVersion } from '../headers.ts';
import { migrationView } from '../views/migration-view.ts';

const tags = ['migrations'];

export function migrationRoutes(api: Api, context: Context): void {
  creating(api, context);
  reading(api, context);
}

function creating(api: Api, context: Context): void {
  api.route({
    method: 'POST',
    url: '/migrations',
    config: { may: 'migration.create' },
    schema: {
      operationId: 'createMigration',
      summary: 'Create a migration, after its preflight',
      tags,
      headers: KeyHeader,
      body: MigrationInput,
      response: { 201: MigrationView },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      request.audited.detail = request.body.name;
      const key = scopedKey(request.headers, principal);
      const asked = { by: principal.name, key, signal: whileAsked(reply, context.closing) };
      const migration = await createMigration(context, request.body, asked);
      request.audited.target = `migration:${migration.id}`;
      withVersion(reply, migration);
      reply.code(201).header('location', `/api/v1/migrations/${migration.id}`);
      return migrationView(migration, request.language);
    },
  });
}

function reading(api: Api, context: Context): void {
  const { migrations } = context.stores;

  api.route({
    method: 'GET',
    url: '/migrations',
    config: { may: 'migration.read' },
    schema: {
      operationId: 'listMigrations',
      summary: 'List migrations, newest first',
      tags,
      querystring: MigrationQuery,
      response: { 200: MigrationPage },
    },
    handler: async ({ query, language }) => {
      const { state, kind, ...ask } = query;
      const filters = {
        ...(state === undefined ? {} : { states: state }),
        ...(kind === undefined ? {} : { kinds: kind }),
      };
      const page = await migrations.list({ ...ask, ...filters });
      return { items: page.migrations.map((one) => migrationView(one, language)), next: page.next ?? null };
    },
  });

  api.route({
    method: 'GET',
    url: '/migrations/:id',
    config: { may: 'migration.read' },
    schema: {
      operationId: 'showMigration',
      summary: 'Show a migration',
      tags,
      params: ById,
      response: { 200: MigrationView },
    },
    handler: async ({ params, language }, reply) => {
      const migration = await migrations.get(params.id);
      withVersion(reply, migration);
      return migrationView(migration, language);
    },
  });
}
