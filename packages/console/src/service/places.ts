import { type UseQueryResult, keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProviderFeature } from '@diskferry/protocol';
import { answered, type Instance, type Schemas, service, type Volume } from './service.ts';

const AGAIN_MS = 5000;
const MOST = 500;

export const PLACE_KEYS = {
  instances: ['instances'] as const,
  volumes: ['volumes'] as const,
};

export function useInstances(text = ''): UseQueryResult<readonly Instance[]> {
  return useQuery({
    queryKey: [...PLACE_KEYS.instances, text],
    queryFn: async () => (await answered(service.GET('/api/v1/instances', { params: { query: queryOf(text) } }))).items,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

export function useVolumes(text = ''): UseQueryResult<readonly Volume[]> {
  return useQuery({
    queryKey: [...PLACE_KEYS.volumes, text],
    queryFn: async () => (await answered(service.GET('/api/v1/volumes', { params: { query: queryOf(text) } }))).items,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

function queryOf(text: string): { limit: number; text?: string } {
  return { limit: MOST, ...(text === '' ? {} : { text }) };
}

export function useInstance(id: string): UseQueryResult<Instance> {
  return useQuery({
    queryKey: [...PLACE_KEYS.instances, 'one', id],
    queryFn: () => answered(service.GET('/api/v1/instances/{id}', { params: { path: { id } } })),
    refetchInterval: AGAIN_MS,
  });
}

export function useRegions(): UseQueryResult<Schemas['RegionList']> {
  return useQuery({ queryKey: ['regions'], queryFn: () => answered(service.GET('/api/v1/regions')) });
}

/** What the provider of this name can do of that which only some can; undefined where it is not known. */
export function useProviderFeatures(provider: string | undefined): readonly ProviderFeature[] | undefined {
  const regions = useRegions().data?.items ?? [];
  return regions.find((region) => region.provider === provider)?.features;
}

export function useWorkers(): UseQueryResult<Schemas['WorkerList']> {
  return useQuery({
    queryKey: ['workers'],
    queryFn: () => answered(service.GET('/api/v1/workers')),
    refetchInterval: AGAIN_MS,
  });
}

/** Both are looked at again: a volume knows its instance, and the other way round. */
export function usePlacesChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: PLACE_KEYS.instances }),
      queries.invalidateQueries({ queryKey: PLACE_KEYS.volumes }),
    ]);
  };
}
