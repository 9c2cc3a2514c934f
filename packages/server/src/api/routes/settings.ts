import { VersionedSettings } from '@diskferry/protocol/schemas';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { withVersion } from '../headers.ts';

const tags = ['settings'];

export function settingsRoutes(api: Api, { stores: { settings }, nudge }: Context): void {
  api.route({
    method: 'GET',
    url: '/settings',
    config: { may: 'settings.read' },
    schema: {
      operationId: 'showSettings',
      summary: 'Limits of bandwidth and concurrency',
      tags,
      response: { 200: VersionedSettings },
    },
    handler: async (_request, reply) => {
      const found = await settings.read();
      withVersion(reply, found);
      return found as VersionedSettings;
    },
  });

  api.route({
    method: 'PUT',
    url: '/settings',
    config: { may: 'settings.change' },
    schema: {
      operationId: 'changeSettings',
      summary: 'Change the limits, all of them at once',
      tags,
      body: VersionedSettings,
      response: { 200: VersionedSettings },
    },
    handler: async (request, reply) => {
      request.audited.detail = JSON.stringify(request.body.settings).slice(0, 2000);
      const written = await settings.write(request.body.settings, request.body.version);
      withVersion(reply, written);
      nudge();
      return written as VersionedSettings;
    },
  });
}
