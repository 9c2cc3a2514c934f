import { ById } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { LastEventHeader, lastEventOf } from '../headers.ts';
import { runningNow, type News } from '../progress/look.ts';
import { MigrationStream } from '../progress/migration-stream.ts';
import { migrationView } from '../views/migration-view.ts';

const stream = { tags: ['migrations'], produces: 'text/event-stream', response: { 200: Type.String() } };

export function migrationProgressRoutes(api: Api, context: Context): void {
  const { hub, listeners, stores } = context;
  const { migrations, live } = stores;

  api.route({
    method: 'GET',
    url: '/migrations/:id/progress',
    config: { may: 'migration.read' },
    exposeHeadRoute: false,
    schema: {
      operationId: 'watchMigration',
      summary: 'Follow a migration: logged, migration and live',
      ...stream,
      params: ById,
      headers: LastEventHeader,
    },
    handler: async ({ params: { id }, headers, language }, reply) => {
      listeners.requireRoom();
      const migration = await migrations.get(id);
      const now = await live.read(id);
      // Who comes for the first time has nothing to catch up with but the migration itself.
      const from = Math.min(lastEventOf(headers) ?? migration.version, migration.version) - 1;
      const channel = listeners.open(reply);
      const telling = new MigrationStream(channel, { migrations, language, from });
      telling.tell({ migration, events: [], live: now, isNewVersion: true, isNewLive: true });
      void channel.ended.then(hub.listen(id, (news) => telling.tell(news)));
      return reply;
    },
  });

  api.route({
    method: 'GET',
    url: '/migrations/progress',
    config: { may: 'migration.read' },
    exposeHeadRoute: false,
    schema: {
      operationId: 'watchMigrations',
      summary: 'Follow all that run: running, migration and live',
      ...stream,
    },
    handler: async ({ language }, reply) => {
      listeners.requireRoom();
      const running = await runningNow(stores);
      const channel = listeners.open(reply);
      // Whoever comes again learns here what is not running any more.
      channel.send({ event: 'running', data: { ids: [...running.keys()] } });
      const known = new Map<string, number>();
      const tell = ({ migration, live, isNewLive }: Pick<News, 'migration' | 'live' | 'isNewLive'>) => {
        const { id, version } = migration;
        if (known.get(id) !== version) channel.send({ event: 'migration', data: migrationView(migration, language) });
        known.set(id, version);
        if (isNewLive && live !== undefined) channel.send({ event: 'live', data: { ...live, id } });
      };
      for (const migration of running.values()) tell({ migration, live: undefined, isNewLive: false });
      void channel.ended.then(hub.listen(null, tell));
      return reply;
    },
  });
}
