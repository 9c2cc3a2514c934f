import { ById, VolumeInput, VolumePage, VolumeQuery, VolumeView } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import { ProviderError } from '../../providers/provider-error.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { KeyHeader } from '../headers.ts';
import { actOf } from '../places/act-of.ts';
import { matching } from '../places/filter.ts';
import { ownProvider, providerOf } from '../places/managed-here.ts';
import { pageOf } from '../places/page.ts';
import { volumeView } from '../views/place-view.ts';
import { findVolume, ownPlace, placesOf } from '../places/places.ts';

const tags = ['volumes'];

export function volumeRoutes(api: Api, context: Context): void {
  reading(api, context);
  changing(api, context);
}

function reading(api: Api, context: Context): void {
  api.route({
    method: 'GET',
    url: '/volumes',
    config: { may: 'volume.read' },
    schema: {
      operationId: 'listVolumes',
      summary: 'List volumes of all providers',
      tags,
      querystring: VolumeQuery,
      response: { 200: VolumePage },
    },
    handler: async ({ query, language }) => {
      const places = await placesOf(context);
      const all = places.flatMap((place) => place.volumes.map((volume) => volumeView(volume, place, language)));
      return pageOf(matching(all, query), query);
    },
  });

  api.route({
    method: 'GET',
    url: '/volumes/:id',
    config: { may: 'volume.read' },
    schema: {
      operationId: 'showVolume',
      summary: 'Show a volume',
      tags,
      params: ById,
      response: { 200: VolumeView },
    },
    handler: async ({ params, language }) => {
      const found = findVolume(await placesOf(context), params.id);
      if (found === undefined) throw new ProviderError('volume-not-found', `there is no volume ${params.id}`);
      return volumeView(found.thing, found.place, language);
    },
  });
}

function changing(api: Api, context: Context): void {
  api.route({
    method: 'POST',
    url: '/volumes',
    config: { may: 'volume.create' },
    schema: {
      operationId: 'createVolume',
      summary: 'Create a data volume that reads as zeros',
      tags,
      headers: KeyHeader,
      body: VolumeInput,
      response: { 201: VolumeView },
    },
    handler: async (request, reply) => {
      const provider = await ownProvider(context, request.body.region);
      request.audited.detail = `${request.body.name}, ${request.body.size} bytes`;
      const volume = await provider.createVolume(request.body, actOf(request, context));
      request.audited.target = `volume:${volume.id}`;
      reply.code(201).header('location', `/api/v1/volumes/${volume.id}`);
      return volumeView(volume, ownPlace(provider, context), request.language);
    },
  });

  api.route({
    method: 'DELETE',
    url: '/volumes/:id',
    config: { may: 'volume.delete' },
    schema: {
      operationId: 'deleteVolume',
      summary: 'Delete a data volume and what it holds',
      tags,
      params: ById,
      headers: KeyHeader,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      request.audited.target = `volume:${id}`;
      const provider = await providerOf(context, { kind: 'volume', id });
      await provider.deleteVolume(id, actOf(request, context));
      return reply.code(204).send(null);
    },
  });
}
