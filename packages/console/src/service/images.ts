import { keepPreviousData, useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { answered, type SeenImage, service } from './service.ts';

const PAGE = 50;

export const IMAGES_KEY = 'images';

/** The newest first; `fetchNextPage` brings the older ones. */
export function useImages(text: string) {
  return useInfiniteQuery({
    queryKey: [IMAGES_KEY, text],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) => {
      const query = { limit: PAGE, ...(text === '' ? {} : { text }), ...(cursor === undefined ? {} : { cursor }) };
      return answered(service.GET('/api/v1/images', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }): readonly SeenImage[] => pages.flatMap(({ items }) => items),
    placeholderData: keepPreviousData,
  });
}

export function useImage(id: string): UseQueryResult<SeenImage> {
  return useQuery({
    queryKey: [IMAGES_KEY, 'one', id],
    queryFn: () => answered(service.GET('/api/v1/images/{id}', { params: { path: { id } } })),
  });
}
