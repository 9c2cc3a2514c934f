import { ById } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import { ServiceError } from '../../base/errors.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { providerOf } from '../places/managed-here.ts';

/** Each takes the hypervisor a moment and some MiB: so many at once, whoever asks. */
const AT_ONCE = 2;

/** What the screen of a running instance shows. */
export function instanceScreenRoutes(api: Api, context: Context): void {
  let running = 0;
  api.route({
    method: 'GET',
    url: '/instances/:id/screen',
    config: { may: 'instance.read-console' },
    schema: {
      operationId: 'instanceScreen',
      summary: 'The screen of a running instance, as PNG',
      tags: ['instances'],
      params: ById,
      response: { 200: Type.Unsafe<Buffer>(Type.String({ format: 'binary', contentMediaType: 'image/png' })) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { name, features } = await providerOf(context, { kind: 'instance', id });
      const { screenshot } = features;
      if (screenshot === undefined) throw new ServiceError('not-offered', `${name} shows no screen`);
      if (running >= AT_ONCE) throw new ServiceError('too-many-listeners', `${AT_ONCE} screens are being looked at`);
      running += 1;
      try {
        const png = await screenshot(id, { signal: context.closing });
        return await reply.type('image/png').send(Buffer.from(png));
      } finally {
        running -= 1;
      }
    },
  });
}
