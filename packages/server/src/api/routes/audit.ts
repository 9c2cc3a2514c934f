import { AuditPage, AuditQuery } from '@diskferry/protocol/schemas';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';

export function auditRoutes(api: Api, { stores }: Context): void {
  api.route({
    method: 'GET',
    url: '/audit',
    config: { may: 'audit.read' },
    schema: {
      operationId: 'listAudit',
      summary: 'Every change, newest first',
      tags: ['audit'],
      querystring: AuditQuery,
      response: { 200: AuditPage },
    },
    handler: async ({ query }) => {
      const { entries, next } = await stores.audit.list(query);
      return { items: [...entries], next: next ?? null };
    },
  });
}
