import { ById, DiskMapList } from '@diskferry/protocol/schemas';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';

/** The maps of the disks as they were last kept; of the one that is worked on `live` tells a newer one. */
export function diskMapRoutes(api: Api, { stores }: Context): void {
  api.route({
    method: 'GET',
    url: '/migrations/:id/disk-maps',
    config: { may: 'migration.read' },
    schema: {
      operationId: 'listDiskMaps',
      summary: 'What lies where on each disk, as it was last seen',
      tags: ['migrations'],
      params: ById,
      response: { 200: DiskMapList },
    },
    handler: async ({ params: { id } }) => {
      await stores.migrations.get(id);
      const kept = await stores.diskMaps.read(id);
      return {
        items: [...kept].map(([image, { cells, runs }]) => ({
          image,
          map: { cells, runs: runs.map((run) => [...run]) },
        })),
      };
    },
  });
}
