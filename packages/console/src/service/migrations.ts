import { type UseQueryResult, keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { LiveProgress, MigrationAction } from '@diskferry/protocol';
import { answered, type Migration, type Schemas, service } from './service.ts';

export interface MigrationFilter {
  readonly kind?: Migration['kind'] | undefined;
  readonly states?: readonly Migration['state'][] | undefined;
  readonly text?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number;
}

export const KEYS = {
  all: ['migrations'] as const,
  list: (filter: MigrationFilter) => ['migrations', filter] as const,
  one: (id: string) => ['migration', id] as const,
  live: (id: string) => ['live', id] as const,
};

export function useMigrations(filter: MigrationFilter): UseQueryResult<Schemas['MigrationPage']> {
  const { kind, states, text, cursor, limit = 25 } = filter;
  return useQuery({
    queryKey: KEYS.list(filter),
    queryFn: () => {
      const query = {
        limit,
        ...(kind === undefined ? {} : { kind: [kind] }),
        ...(states === undefined || states.length === 0 ? {} : { state: [...states] }),
        ...(text ? { text } : {}),
        ...(cursor ? { cursor } : {}),
      };
      return answered(service.GET('/api/v1/migrations', { params: { query } }));
    },
    placeholderData: keepPreviousData,
    // What runs is told at once; what was created elsewhere is found by looking again.
    refetchInterval: 10_000,
  });
}

export function useMigration(id: string): UseQueryResult<Migration> {
  return useQuery({
    queryKey: KEYS.one(id),
    queryFn: () => answered(service.GET('/api/v1/migrations/{id}', { params: { path: { id } } })),
  });
}

/** What the worker measures; undefined while nobody works on it. Only told, never asked for. */
export function useLive(id: string): LiveProgress | undefined {
  return (
    useQuery<LiveProgress | null>({ queryKey: KEYS.live(id), queryFn: () => null, staleTime: Infinity }).data ??
    undefined
  );
}

export interface Acting {
  readonly id: string;
  readonly action: Exclude<MigrationAction, 'replace-link' | 'change-bandwidth'>;
  /** With `resume`: codes of warnings that are accepted from now on. */
  readonly accept?: readonly string[];
}

export function useAct(): (acting: Acting) => Promise<Migration> {
  const queries = useQueryClient();
  return async ({ id, action, accept = [] }) => {
    const query = action === 'resume' && accept.length > 0 ? { query: { accept: [...accept] } } : {};
    const params = { path: { id }, ...query };
    const migration = await answered(service.POST(`/api/v1/migrations/{id}/actions/${action}`, { params }));
    queries.setQueryData(KEYS.one(id), migration);
    await queries.invalidateQueries({ queryKey: KEYS.all });
    return migration;
  };
}
