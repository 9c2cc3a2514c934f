import { ById } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { LastEventHeader, lastEventOf } from '../headers.ts';
import { follow } from '../progress/follow.ts';
import { runningNow } from '../progress/look.ts';
import { Newest } from '../progress/newest.ts';
import { RunningStream } from '../progress/running-stream.ts';
import { MigrationStream } from '../progress/migration-stream.ts';

const stream = { tags: ['migrations'], produces: 'text/event-stream', response: { 200: Type.String() } };

const NOTHING_NEW = { events: [], line: 0, isNewVersion: false, isNewLive: false, hasNewLines: false };

export function migrationProgressRoutes(api: Api, context: Context): void {
  const { hub, listeners, stores } = context;
  const { migrations, live, lines } = stores;

  api.route({
    method: 'GET',
    url: '/migrations/:id/progress',
    config: { may: 'migration.read' },
    exposeHeadRoute: false,
    schema: {
      operationId: 'watchMigration',
      summary: 'Follow a migration: logged, migration, live and lines',
      ...stream,
      params: ById,
      headers: LastEventHeader,
    },
    handler: async ({ params: { id }, headers, language }, reply) => {
      listeners.requireRoom();
      await follow(hub, id, async () => {
        const migration = await migrations.get(id);
        const [now, line] = [await live.read(id), (await lines.newest([id])).get(id) ?? 0];
        // Who comes for the first time has nothing to catch up with.
        const from = Math.min(lastEventOf(headers) ?? migration.version, migration.version);
        const channel = listeners.open(reply);
        const telling = new MigrationStream(channel, { migrations, lines, language, from });
        const newest = new Newest(channel, (news) => telling.tell(news));
        newest.tell({ ...NOTHING_NEW, migration, live: now, line, isNewVersion: true, isNewLive: true });
        return { channel, newest };
      });
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
      await follow(hub, null, async () => {
        const running = await runningNow(stores);
        const channel = listeners.open(reply);
        const telling = new RunningStream(channel, language);
        const newest = new Newest(channel, (news) => telling.tell(news));
        await telling.begin([...running.keys()]);
        for (const migration of running.values()) {
          newest.tell({ ...NOTHING_NEW, migration, live: undefined, isNewVersion: true });
        }
        return { channel, newest };
      });
      return reply;
    },
  });
}
