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
  // Until it is read again, what was kept is older than what was seen here.
  const [older, newer] = kept.isPlaceholderData ? [kept.data, seen] : [seen, kept.data];
  return new Map([...(older ?? NONE), ...(newer ?? NONE), ...now]);
}

/** The last map that was told of each image since the page was opened. */
function useSeen(live: LiveProgress | undefined): Maps {
  const [seen, setSeen] = useState<Maps>(NONE);
  const image = live?.image ?? null;
  const map = live?.map ?? null;
  if (image === null || map === null || seen.get(image) === map) return seen;
  const next = new Map([...seen, [image, map]]);
  setSeen(next);
  return next;
}
