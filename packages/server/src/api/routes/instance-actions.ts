import { ById, InstanceView, StopInput } from '@diskferry/protocol/schemas';
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Act, Instance, Provider } from '../../providers/provider.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { KeyHeader } from '../headers.ts';
import { actOf } from '../places/act-of.ts';
import { providerOf } from '../places/managed-here.ts';
import { ownPlace } from '../places/places.ts';
import { instanceView } from '../views/place-view.ts';

type Asking = Pick<FastifyRequest, 'audited' | 'language' | 'principal'> & {
  readonly params: ById;
  readonly headers: Static<typeof KeyHeader>;
};

const common = { tags: ['instances'], params: ById, headers: KeyHeader, response: { 200: InstanceView } };

/** The answer comes when it is reached: a guest that shuts down slowly holds it up as long as `graceSeconds`. */
export function instanceActionRoutes(api: Api, context: Context): void {
  api.route({
    method: 'POST',
    url: '/instances/:id/actions/start',
    config: { may: 'instance.start' },
    schema: { operationId: 'startInstance', summary: 'Start an instance', ...common },
    handler: async (request) => await changed(request, (provider, id, act) => provider.startInstance(id, act)),
  });

  api.route({
    method: 'POST',
    url: '/instances/:id/actions/stop',
    config: { may: 'instance.stop' },
    schema: { operationId: 'stopInstance', summary: 'Stop an instance', ...common, body: StopInput },
    handler: async (request) => {
      const graceMs = request.body.graceSeconds * 1000;
      request.audited.detail = `within ${request.body.graceSeconds} s`;
      return await changed(request, (provider, id, act) => provider.stopInstance(id, { ...act, graceMs }));
    },
  });

  async function changed(request: Asking, change: (provider: Provider, id: string, act: Act) => Promise<Instance>) {
    const { id } = request.params;
    request.audited.target = `instance:${id}`;
    const provider = await providerOf(context, { kind: 'instance', id });
    const instance = await change(provider, id, actOf(request, context));
    return instanceView(instance, ownPlace(provider, context), request.language);
  }
}
