import { ById, SerialQuery, SerialView } from '@diskferry/protocol/schemas';
import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { ServiceError } from '../../base/errors.ts';
import type { Features } from '../../providers/provider.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { LastEventHeader, lastEventOf } from '../headers.ts';
import { providerOf } from '../places/managed-here.ts';
import { SerialStream } from '../progress/serial-stream.ts';

const tags = ['instances'];

/** What a guest wrote to its serial console: the last of it, or as it comes. */
export function instanceSerialRoutes(api: Api, context: Context): void {
  const { listeners, log, pollMs = 1000 } = context;

  api.route({
    method: 'GET',
    url: '/instances/:id/serial',
    config: { may: 'instance.read-console' },
    schema: {
      operationId: 'readSerialLog',
      summary: 'The last of what the guest wrote to its serial console',
      tags,
      params: ById,
      querystring: SerialQuery,
      response: { 200: SerialView },
    },
    handler: async ({ params: { id }, query: { last } }) => {
      const read = await serialLogOf(id);
      const { bytes, end } = await read(id, { last });
      return { text: new TextDecoder().decode(bytes), end };
    },
  });

  api.route({
    method: 'GET',
    url: '/instances/:id/serial/live',
    config: { may: 'instance.read-console' },
    exposeHeadRoute: false,
    schema: {
      operationId: 'watchSerialLog',
      summary: 'Follow the serial console: serial and restarted',
      tags,
      produces: 'text/event-stream',
      response: { 200: Type.String() },
      params: ById,
      headers: LastEventHeader,
    },
    handler: async ({ params: { id }, headers }, reply) => {
      listeners.requireRoom();
      const read = await serialLogOf(id);
      await read(id, { last: 1 });
      const channel = listeners.open(reply);
      const stream = new SerialStream(channel, { read: (last) => read(id, { last }), from: lastEventOf(headers) });
      const gone = new AbortController();
      void channel.ended.then(() => gone.abort());
      void follow(stream, { gone: gone.signal, pollMs }).catch((error: unknown) => {
        log.warn({ err: error, instance: id }, 'the serial log could not be read');
        channel.end();
      });
      return reply;
    },
  });

  async function serialLogOf(id: string): Promise<NonNullable<Features['serialLog']>> {
    const { name, features } = await providerOf(context, { kind: 'instance', id });
    if (features.serialLog !== undefined) return features.serialLog;
    throw new ServiceError('not-offered', `${name} shows no serial console`);
  }
}

async function follow(
  stream: SerialStream,
  { gone, pollMs }: { readonly gone: AbortSignal; readonly pollMs: number },
): Promise<void> {
  while (!gone.aborted) {
    await stream.look();
    await sleep(pollMs, undefined, { signal: gone }).catch(() => undefined);
  }
}
