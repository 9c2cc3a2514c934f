import { ById, InstanceInput, InstancePage, InstanceQuery, InstanceView } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import { ProviderError } from '../../providers/provider-error.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { KeyHeader } from '../headers.ts';
import { actOf } from '../places/act-of.ts';
import { matching } from '../places/filter.ts';
import { ownProvider, providerOf } from '../places/managed-here.ts';
import { pageOf } from '../places/page.ts';
import { findInstance, ownPlace, placesOf } from '../places/places.ts';
import { instanceView } from '../views/place-view.ts';

const tags = ['instances'];

export function instanceRoutes(api: Api, context: Context): void {
  reading(api, context);
  changing(api, context);
}

function reading(api: Api, context: Context): void {
  api.route({
    method: 'GET',
    url: '/instances',
    config: { may: 'instance.read' },
    schema: {
      operationId: 'listInstances',
      summary: 'List instances of all providers',
      tags,
      querystring: InstanceQuery,
      response: { 200: InstancePage },
    },
    handler: async ({ query, language }) => {
      const places = await placesOf(context);
      const all = places.flatMap((place) => place.instances.map((one) => instanceView(one, place, language)));
      return pageOf(matching(all, query), query);
    },
  });

  api.route({
    method: 'GET',
    url: '/instances/:id',
    config: { may: 'instance.read' },
    schema: {
      operationId: 'showInstance',
      summary: 'Show an instance',
      tags,
      params: ById,
      response: { 200: InstanceView },
    },
    handler: async ({ params, language }) => {
      const found = findInstance(await placesOf(context), params.id);
      if (found === undefined) throw new ProviderError('instance-not-found', `there is no instance ${params.id}`);
      return instanceView(found.thing, found.place, language);
    },
  });
}

function changing(api: Api, context: Context): void {
  api.route({
    method: 'POST',
    url: '/instances',
    config: { may: 'instance.create' },
    schema: {
      operationId: 'createInstance',
      summary: 'Create an instance, stopped, with an empty system volume',
      tags,
      headers: KeyHeader,
      body: InstanceInput,
      response: { 201: InstanceView },
    },
    handler: async (request, reply) => {
      const provider = await ownProvider(context, request.body.region);
      request.audited.detail = request.body.name;
      const instance = await provider.createInstance(request.body, actOf(request, context));
      request.audited.target = `instance:${instance.id}`;
      reply.code(201).header('location', `/api/v1/instances/${instance.id}`);
      return instanceView(instance, ownPlace(provider, context), request.language);
    },
  });

  api.route({
    method: 'DELETE',
    url: '/instances/:id',
    config: { may: 'instance.delete' },
    schema: {
      operationId: 'deleteInstance',
      summary: 'Delete an instance with its system volume',
      tags,
      params: ById,
      headers: KeyHeader,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      request.audited.target = `instance:${id}`;
      const provider = await providerOf(context, { kind: 'instance', id });
      await provider.deleteInstance(id, actOf(request, context));
      return reply.code(204).send(null);
    },
  });
}
