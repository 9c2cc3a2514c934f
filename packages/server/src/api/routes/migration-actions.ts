import type { MigrationAction } from '@diskferry/protocol';
import { ById, ChangeBandwidthInput, MigrationView, ReplaceLinkInput, ResumeQuery } from '@diskferry/protocol/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { act, type Ask } from '../acting/act.ts';
import type { Context } from '../context.ts';
import { replaceLink } from '../creating/replace-link.ts';
import type { Api } from '../fastify.ts';
import { whileAsked } from '../gone.ts';
import { principalOf } from '../guard/guard.ts';
import { VersionHeader, versionOf, withVersion } from '../headers.ts';
import type { Migration } from '../../migrations/migration.ts';
import { migrationView } from '../views/migration-view.ts';

const SUMMARIES = {
  pause: 'Pause: a worker stops at the next safe place',
  resume: 'Resume a migration that is paused or waits for a person',
  cancel: 'Cancel: nothing more is written',
  retry: 'Try again one that failed or was cancelled',
  'replace-link': 'Give a new link to the same object',
  'change-bandwidth': 'Change the limit of bytes a second',
} as const satisfies Record<MigrationAction, string>;

const PLAIN = [
  ['pause', 'pause-asked', 'pauseMigration'],
  ['cancel', 'cancel-asked', 'cancelMigration'],
  ['retry', 'retry-asked', 'retryMigration'],
] as const;

/** One address for each action. With If-Match it is done only to the version that the person looked at. */
export function migrationActionRoutes(api: Api, context: Context): void {
  for (const [action, kind, operationId] of PLAIN) {
    api.route({
      ...routeOf(action),
      schema: { ...schemaOf(action, operationId) },
      handler: async (request, reply) => {
        const ask = askOf(context, request, reply);
        return answer(await act(context, ask, { kind, by: ask.by }), request, reply);
      },
    });
  }
  api.route({
    ...routeOf('resume'),
    schema: { ...schemaOf('resume', 'resumeMigration'), querystring: ResumeQuery },
    handler: async (request, reply) => {
      const ask = askOf(context, request, reply);
      const { accept } = request.query;
      if (accept !== undefined) request.audited.detail = `accepts ${accept.join(', ')}`;
      const event = { kind: 'resume-asked', by: ask.by, ...(accept === undefined ? {} : { accept }) } as const;
      return answer(await act(context, ask, event), request, reply);
    },
  });
  api.route({
    ...routeOf('replace-link'),
    schema: { ...schemaOf('replace-link', 'replaceMigrationLink'), body: ReplaceLinkInput },
    handler: async (request, reply) => {
      return answer(await replaceLink(context, request.body, askOf(context, request, reply)), request, reply);
    },
  });
  api.route({
    ...routeOf('change-bandwidth'),
    schema: { ...schemaOf('change-bandwidth', 'changeMigrationBandwidth'), body: ChangeBandwidthInput },
    handler: async (request, reply) => {
      const ask = askOf(context, request, reply);
      const { bandwidth } = request.body;
      request.audited.detail = bandwidth === null ? 'no limit' : `${bandwidth} B/s`;
      return answer(await act(context, ask, { kind: 'bandwidth-changed', bandwidth, by: ask.by }), request, reply);
    },
  });
}

function routeOf<Action extends MigrationAction>(action: Action) {
  const may = `migration.${action}` as const;
  return { method: 'POST', url: `/migrations/:id/actions/${action}`, config: { may } } as const;
}

function schemaOf(action: MigrationAction, operationId: string) {
  const about = { operationId, summary: SUMMARIES[action], tags: ['migrations'] };
  return { ...about, params: ById, headers: VersionHeader, response: { 200: MigrationView } };
}

type Asking = FastifyRequest & { readonly params: ById; readonly headers: Static<typeof VersionHeader> };

function askOf(
  context: Context,
  request: Pick<Asking, 'params' | 'headers' | 'audited' | 'principal'>,
  reply: FastifyReply,
): Ask {
  const { id } = request.params;
  request.audited.target = `migration:${id}`;
  const { name: by } = principalOf(request);
  return { id, by, version: versionOf(request.headers), signal: whileAsked(reply, context.closing) };
}

function answer(migration: Migration, { language }: Pick<Asking, 'language'>, reply: FastifyReply): MigrationView {
  withVersion(reply, migration);
  return migrationView(migration, language);
}
