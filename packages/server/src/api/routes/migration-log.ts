import { ById, EventList, EventQuery, LogLineList, LogLineQuery } from '@diskferry/protocol/schemas';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { eventView } from '../views/event-view.ts';

const tags = ['migrations'];

/** What happened to a migration: the events, which decide, and what the workers said, which decides nothing. */
export function migrationLogRoutes(api: Api, { stores: { migrations, lines } }: Context): void {
  api.route({
    method: 'GET',
    url: '/migrations/:id/events',
    config: { may: 'migration.read' },
    schema: {
      operationId: 'listMigrationEvents',
      summary: 'What happened to a migration, in order',
      tags,
      params: ById,
      querystring: EventQuery,
      response: { 200: EventList },
    },
    handler: async ({ params, query }) => {
      const events = await migrations.events(params.id, query.afterVersion ?? 0);
      return { items: events.map(eventView) };
    },
  });

  api.route({
    method: 'GET',
    url: '/migrations/:id/log',
    config: { may: 'migration.read' },
    schema: {
      operationId: 'listMigrationLog',
      summary: 'What the workers said about a migration: the newest lines, in order',
      tags,
      params: ById,
      querystring: LogLineQuery,
      response: { 200: LogLineList },
    },
    handler: async ({ params, query }) => {
      const { id } = await migrations.get(params.id);
      return { items: [...(await lines.read(id, query.after))] };
    },
  });
}
