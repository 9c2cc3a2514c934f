import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DiskMapView, LiveProgress } from '@diskferry/protocol';
import { answered, type Migration, service } from '../../../service/service.ts';

type Maps = ReadonlyMap<number, DiskMapView>;
const NONE: Maps = new Map();

/**
 * The map of each disk, by the number of its image: of the one that is worked on as a worker tells it, of all others as it
 * was last seen here, or kept. What was kept is read again whenever a stage has ended.
 */
export function useDiskMaps(migration: Migration, live: LiveProgress | undefined): Maps {
  const { id, state, images } = migration;
  const seen = useSeen(live);
  const kept = useQuery({
    queryKey: ['disk-maps', id, state, images.map(({ content }) => content.kind).join()],
    queryFn: async () => {
      const { items } = await answered(service.GET('/api/v1/migrations/{id}/disk-maps', { params: { path: { id } } }));
      return new Map(items.map(({ image, map }) => [image, map]));
    },
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const now = live?.image == null || live.map === null ? NONE : new Map([[live.image, live.map]]);
  // What was read before it was seen here is older, and so is what is only shown until it is read again.
  const readAt = kept.isPlaceholderData ? 0 : kept.dataUpdatedAt;
  const newer = [...seen].flatMap(([image, { map, at }]) => (at > readAt ? [[image, map] as const] : []));
  const older = [...seen].map(([image, { map }]) => [image, map] as const);
  return new Map([...older, ...(kept.data ?? NONE), ...newer, ...now]);
}

type Seen = ReadonlyMap<number, { readonly map: DiskMapView; readonly at: number }>;

/** The last map that was told of each image since the page was opened, and when. */
function useSeen(live: LiveProgress | undefined): Seen {
  const [seen, setSeen] = useState<Seen>(new Map());
  const image = live?.image ?? null;
  const map = live?.map ?? null;
  if (image === null || map === null || seen.get(image)?.map === map) return seen;
  const next = new Map([...seen, [image, { map, at: Date.now() }]]);
  setSeen(next);
  return next;
}
