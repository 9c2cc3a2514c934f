import { ById, SerialInput } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import { ServiceError } from '../../base/errors.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { providerOf } from '../places/managed-here.ts';

/** What is typed into the serial console of a guest. */
export function instanceTypingRoutes(api: Api, context: Context): void {
  api.route({
    method: 'POST',
    url: '/instances/:id/serial',
    config: { may: 'instance.write-console' },
    schema: {
      operationId: 'typeIntoSerial',
      summary: 'Type into the serial console of a running instance',
      tags: ['instances'],
      params: ById,
      body: SerialInput,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const bytes = new TextEncoder().encode(request.body.text);
      request.audited.target = `instance:${id}`;
      // Not the text: it may be a password.
      request.audited.detail = `${bytes.length} bytes`;
      const { name, features } = await providerOf(context, { kind: 'instance', id });
      if (features.serialWrite === undefined)
        throw new ServiceError('not-offered', `${name} takes nothing that is typed`);
      await features.serialWrite(id, { bytes, signal: context.closing });
      return await reply.status(204).send(null);
    },
  });
}
