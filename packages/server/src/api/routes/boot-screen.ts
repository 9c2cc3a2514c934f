import { ById } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import { ServiceError } from '../../base/errors.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';

/** What the screen showed when a copy of the disks was started. */
export function bootScreenRoutes(api: Api, { stores }: Context): void {
  api.route({
    method: 'GET',
    url: '/migrations/:id/boot-screen',
    config: { may: 'instance.read-console' },
    schema: {
      operationId: 'bootScreen',
      summary: 'The screen of the copy that was started to prove that the disks start, as PNG',
      tags: ['migrations'],
      params: ById,
      response: { 200: Type.Unsafe<Buffer>(Type.String({ format: 'binary', contentMediaType: 'image/png' })) },
    },
    handler: async ({ params: { id } }, reply) => {
      const { bootProof } = await stores.migrations.get(id);
      const log = bootProof?.screenshot === true ? await stores.migrations.events(id, 0) : [];
      for (const { event } of log.toReversed()) {
        if (event.kind !== 'proved' || event.screenshot === undefined) continue;
        return await reply.type('image/png').send(Buffer.from(event.screenshot, 'base64'));
      }
      throw new ServiceError('not-found', `${id} has no picture of a screen`);
    },
  });
}
