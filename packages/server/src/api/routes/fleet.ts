import { RegionList, WorkerList } from '@diskferry/protocol/schemas';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { placesOf, SEEN_WITHIN_MS } from '../places/places.ts';
import { traitsView } from '../views/place-view.ts';

/** Where migrations can land, and who does them. */
export function fleetRoutes(api: Api, context: Context): void {
  api.route({
    method: 'GET',
    url: '/regions',
    config: { may: 'volume.read' },
    schema: {
      operationId: 'listRegions',
      summary: 'Regions and zones of all providers',
      tags: ['fleet'],
      response: { 200: RegionList },
    },
    handler: async () => {
      const places = await placesOf(context);
      const items = places.flatMap(({ provider, host, here, reachable, limits, traits, features, regions }) => {
        const { sizeStep, minSize, maxSize, dataVolumes } = limits;
        const common = { provider, host, managedHere: here, reachable, traits: traitsView(traits) };
        return regions.map(({ name, zones }) => {
          const can = { features: [...features], limits: { sizeStep, minSize, maxSize, dataVolumes } };
          return { ...common, name, zones: [...zones], ...can };
        });
      });
      return { items };
    },
  });

  api.route({
    method: 'GET',
    url: '/workers',
    config: { may: 'worker.read' },
    schema: {
      operationId: 'listWorkers',
      summary: 'Workers that were seen lately',
      tags: ['fleet'],
      response: { 200: WorkerList },
    },
    handler: async () => {
      const workers = await context.stores.fleet.workers(SEEN_WITHIN_MS);
      return {
        items: workers.map(({ labels, busyWith, ...worker }) => ({
          ...worker,
          labels: [...labels],
          busyWith: [...busyWith],
        })),
      };
    },
  });
}
