import { AttachInput, ById, GrowInput, VolumeView } from '@diskferry/protocol/schemas';
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Act, Provider, Volume } from '../../providers/provider.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { KeyHeader } from '../headers.ts';
import { actOf } from '../places/act-of.ts';
import { providerOf } from '../places/managed-here.ts';
import { ownPlace } from '../places/places.ts';
import { volumeView } from '../views/place-view.ts';

type Asking = Pick<FastifyRequest, 'audited' | 'language' | 'principal'> & {
  readonly params: ById;
  readonly headers: Static<typeof KeyHeader>;
};

const common = { tags: ['volumes'], params: ById, headers: KeyHeader, response: { 200: VolumeView } };

export function volumeActionRoutes(api: Api, context: Context): void {
  api.route({
    method: 'POST',
    url: '/volumes/:id/actions/grow',
    config: { may: 'volume.grow' },
    schema: {
      operationId: 'growVolume',
      summary: 'Grow a volume; the new end reads as zeros',
      ...common,
      body: GrowInput,
    },
    handler: async (request) => {
      const { size } = request.body;
      request.audited.detail = `to ${size} bytes`;
      return await changed(request, (provider, id, act) => provider.growVolume(id, { ...act, size }));
    },
  });

  api.route({
    method: 'POST',
    url: '/volumes/:id/actions/attach',
    config: { may: 'volume.attach' },
    schema: { operationId: 'attachVolume', summary: 'Attach a volume to an instance', ...common, body: AttachInput },
    handler: async (request) => {
      const { instance } = request.body;
      request.audited.detail = `to instance:${instance}`;
      return await changed(request, (provider, id, act) => provider.attachVolume(id, { ...act, instance }));
    },
  });

  api.route({
    method: 'POST',
    url: '/volumes/:id/actions/detach',
    config: { may: 'volume.detach' },
    schema: { operationId: 'detachVolume', summary: 'Detach a data volume from its instance', ...common },
    handler: async (request) => await changed(request, (provider, id, act) => provider.detachVolume(id, act)),
  });

  async function changed(request: Asking, change: (provider: Provider, id: string, act: Act) => Promise<Volume>) {
    const { id } = request.params;
    request.audited.target = `volume:${id}`;
    const provider = await providerOf(context, { kind: 'volume', id });
    const volume = await change(provider, id, actOf(request, context));
    return volumeView(volume, ownPlace(provider, context), request.language);
  }
}
