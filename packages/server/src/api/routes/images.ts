import { ById, SeenImagePage, SeenImageQuery, SeenImageView } from '@diskferry/protocol/schemas';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { imageView } from '../views/image-view.ts';

const tags = ['images'];

export function imageRoutes(api: Api, { stores: { images } }: Context): void {
  api.route({
    method: 'GET',
    url: '/images',
    config: { may: 'image.read' },
    schema: {
      operationId: 'listImages',
      summary: 'List images that were looked at, the newest first',
      tags,
      querystring: SeenImageQuery,
      response: { 200: SeenImagePage },
    },
    handler: async ({ query }) => {
      const { images: found, next } = await images.list(query);
      return { items: found.map(imageView), next: next ?? null };
    },
  });

  api.route({
    method: 'GET',
    url: '/images/:id',
    config: { may: 'image.read' },
    schema: {
      operationId: 'showImage',
      summary: 'Show what was found in an image',
      tags,
      params: ById,
      response: { 200: SeenImageView },
    },
    handler: async ({ params }) => imageView(await images.read(params.id)),
  });

  api.route({
    method: 'DELETE',
    url: '/images/:id',
    config: { may: 'image.forget' },
    schema: {
      operationId: 'forgetImage',
      summary: 'Forget what was found in an image; the image itself is not touched',
      tags,
      params: ById,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      request.audited.target = `image:${id}`;
      await images.forget(id);
      return reply.code(204).send(null);
    },
  });
}
